#!/usr/bin/env bash
# Builds "dist/StrEmo Studio.app". Run from the project root. Signing is left to who distributes it.
set -euo pipefail
python3 packaging/bootstrap.py setup
.venv/bin/python -m pip install "pyinstaller==6.22.3"
.venv/bin/python -m PyInstaller --noconfirm packaging/stremo-studio.spec
"dist/StrEmo Studio.app/Contents/MacOS/stremo-studio" --headless-demo build/demo
