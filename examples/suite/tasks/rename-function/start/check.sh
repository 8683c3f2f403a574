#!/bin/sh
. ./lib.sh
[ -n "$(fetch_data numbers.txt)" ] && echo there
