#!/usr/bin/env bash
# Three nights of one plan over a lock of your own (samples/OwnLocks): as it is, with a mistake put in, and repaired.
# The second night must call the bug new, with a story and a command that shows it, and the third must call it gone.
# Usage: deploy/three-nights.sh [FOLDER]   (the builds and the runs go there; a new temporary folder if not given)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
out="${1:-$(mktemp -d)}"
mkdir -p "$out"

cat > "$out/plan.json" <<'PLAN'
{
  "summary": "The sample's locks: what is known to be wrong must be found, and what is correct stay clean.",
  "entries": [
    { "machine": "explore", "scenarios": "own/*", "expected": "violation", "replays": 3 },
    { "machine": "explore", "scenarios": "own/*", "expected": "clean", "schedules": 20000 }
  ]
}
PLAN

# One build at a time in one place: the nights differ in the code alone.
night() {
    dotnet build samples/OwnLocks -c Release -v quiet -o "$out/own" "-p:WithMistake=$1" > "$out/build.log" \
        || { cat "$out/build.log"; exit 2; }
    dotnet run -c Release --no-build --project stress -- \
        nightly --plan "$out/plan.json" --assembly "$out/own/OwnLocks.dll" --out "$out/nights"
}

echo "== first night: the code as it is"
night false
echo "== second night: a mistake was put in"
if night true; then
    echo "the second night should have been red"
    exit 1
fi

echo "== third night: repaired"
night false
