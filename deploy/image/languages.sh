#!/bin/sh
# Takes out of an environment what Babel knows of languages that the bot does not speak: 30 MB.
set -eu
for file in "$1"/lib/python*/site-packages/babel/locale-data/*.dat; do
  language=$(basename "$file" .dat | cut -d _ -f 1)
  [ "$language" = root ] || find bot/languages -type d -name "$language" -o -type d -name "${language}_*" | grep -q . ||
    rm "$file"
done
