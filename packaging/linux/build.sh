#!/usr/bin/env bash
# Builds dist/stremo-studio/ and puts the menu entry beside it. Run from the project root.
set -euo pipefail
id=io.github.stremo_studio.StrEmoStudio
python3 packaging/bootstrap.py setup
.venv/bin/python -m pip install "pyinstaller==6.22.3"
.venv/bin/python -m PyInstaller --noconfirm packaging/stremo-studio.spec
share=dist/stremo-studio/share
install -Dm644 "packaging/linux/$id.desktop" "$share/applications/$id.desktop"
install -Dm644 "packaging/linux/$id.metainfo.xml" "$share/metainfo/$id.metainfo.xml"
install -Dm644 "packaging/linux/$id.svg" "$share/icons/hicolor/scalable/apps/$id.svg"
dist/stremo-studio/stremo-studio --headless-demo build/demo
