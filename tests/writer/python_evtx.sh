#!/bin/sh
# Runs python_evtx.py with the first Python that has python-evtx; 77 tells CTest there is none.
for python in python3 /usr/bin/python3; do
  if "$python" -c 'import Evtx.Evtx' 2>/dev/null; then
    exec "$python" "$(dirname "$0")/python_evtx.py" "$@"
  fi
done
echo "skipped: no python3 with python-evtx (Debian: python3-evtx)"
exit 77
