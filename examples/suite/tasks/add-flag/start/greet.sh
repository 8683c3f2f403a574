#!/bin/sh
# greet.sh NAME: greets NAME.
echo "Hello, $1."
