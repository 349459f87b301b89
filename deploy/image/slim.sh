#!/bin/sh
# Takes out of an environment what no bot that runs needs: debugging symbols (uvloop's are 13 MB).
set -eu
# Libraries that wheels bring along in a folder of their own are patched in a way that strip breaks.
find "$1" -name '*.so*' -type f ! -path '*.libs/*' -exec strip --strip-debug {} +
sh "$(dirname "$0")/languages.sh" "$1"
