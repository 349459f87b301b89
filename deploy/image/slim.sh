#!/bin/sh
# Takes out of an environment what no bot that runs needs: debugging symbols (uvloop's are 13 MB).
set -eu
# Libraries that wheels bring along in a folder of their own are patched in a way that strip breaks.
find "$1" -name '*.so*' -type f ! -path '*.libs/*' -exec strip --strip-debug {} +
# And what Babel knows of languages that the bot does not speak: 30 MB.
for file in "$1"/lib/python*/site-packages/babel/locale-data/*.dat; do
  language=$(basename "$file" .dat | cut -d _ -f 1)
  [ "$language" = root ] || find bot/languages -type d -name "$language" -o -type d -name "${language}_*" | grep -q . ||
    rm "$file"
done
