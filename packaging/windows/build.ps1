# Builds dist\stremo-studio\stremo-studio.exe. Run in PowerShell from the project root.
$ErrorActionPreference = "Stop"
python packaging/bootstrap.py setup
.venv\Scripts\python.exe -m pip install "pyinstaller==6.22.3"
.venv\Scripts\python.exe -m PyInstaller --noconfirm packaging/stremo-studio.spec
dist\stremo-studio\stremo-studio.exe --headless-demo build\demo
