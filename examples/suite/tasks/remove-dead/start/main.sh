#!/bin/sh
. ./used.sh
. ./unused.sh
greet
