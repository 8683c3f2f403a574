#!/bin/sh
# Tries a command three times.
for attempt in 1 2 3; do "$@" && exit 0; done
echo "failed 3 times" >&2
exit 1
