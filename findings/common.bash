# What the scripts beside this file share: a temporary folder, pinned public packages in it, and the verdict.
# A script ends with 0 if all is as its head comment states, with 1 if not, with 2 if it could not be run.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export LC_ALL=C.UTF-8 TZ=UTC PYTHONWARNINGS=ignore MPLBACKEND=Agg
unset PYTHONPATH VIRTUAL_ENV

could_not_run() {
    echo "could not be run: $*" >&2
    exit 2
}

# python_with [">=3.12"] PACKAGE==VERSION...: a virtual environment with these packages
python_with() {
    local least=3.11 python
    [[ $1 != '>='* ]] || { least=${1#>=} && shift; }
    python=$(python_of_at_least "$least") || could_not_run "no Python $least or newer"
    if command -v uv >/dev/null; then
        uv venv --quiet --clear --python "$python" "$folder/venv" &&
            uv pip install --quiet --python "$folder/venv" "$@" || could_not_run "uv pip install $*"
    else
        "$python" -m venv --clear "$folder/venv" &&
            "$folder/venv/bin/pip" install --quiet --disable-pip-version-check "$@" || could_not_run "pip install $*"
    fi
}

python_of_at_least() {
    local python
    for python in python3 python3.1{4,3,2,1} "$HOME"/.pyenv/versions/3.1*/bin/python; do
        "$python" -c "import sys; sys.exit(sys.version_info < tuple(map(int, '$1'.split('.'))))" 2>/dev/null &&
            { command -v "$python" && return; }
    done
    return 1
}

# run_python: the program on standard input, in that environment
run_python() { (cd "$folder" && venv/bin/python -) 2>&1; }

# node_with PACKAGE@VERSION...: node_modules with these packages
node_with() {
    command -v npm >/dev/null || could_not_run "no npm"
    npm install --silent --no-audit --no-fund --prefix "$folder" "$@" >/dev/null || could_not_run "npm install $*"
}

# run_node: the program on standard input, beside node_modules
run_node() { (cd "$folder" && node -) 2>&1; }

# verdict SEEN STATED: prints what is seen, and says whether it is what the head comment states
verdict() {
    echo "$1"
    [[ $1 == "$2" ]] && echo "=> as stated" && return
    echo "=> CHANGED; it was:"
    echo "$2"
    exit 1
}
