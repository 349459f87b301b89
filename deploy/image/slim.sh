#!/bin/sh
# Takes out of an environment what no bot that runs needs: debugging symbols (uvloop's are 13 MB), tests of
# libraries, and of Gradio a server that wants Node, examples, and what cuts videos in the browser.
set -eu
# Libraries that wheels bring along in a folder of their own are patched in a way that strip breaks.
find "$1" -name '*.so*' -type f ! -path '*.libs/*' -exec strip --strip-debug {} +
find "$1" -type d \( -path '*/pandas/tests' -o -path '*/numpy/*/tests' -o -path '*/gradio/media_assets' \
  -o -path '*/gradio/templates/node' -o -path '*/gradio/templates/frontend/static/ffmpeg' \) -prune -exec rm -r {} +
