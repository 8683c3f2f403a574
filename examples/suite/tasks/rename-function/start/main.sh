#!/bin/sh
. ./lib.sh
fetch_data numbers.txt | sort -n
