# Shared by the scripts in this directory; sourced, not run.
# shellcheck shell=bash

# here: the directory of these scripts.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# say: progress, on stderr, so that stdout carries only what a caller reads.
say() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
}

# die: one sentence that says what is wrong and what would be right.
die() {
  say "$*"
  exit 1
}

# usage: prints the comment at the top of the script, between the first line and the first line of code.
usage() {
  awk 'NR == 1 { next } /^#/ { sub(/^# ?/, ""); print; next } { exit }' "$0"
}

# cache_root: where finished binaries are kept, outside of the checkout.
cache_root() {
  printf '%s/serin/real' "${XDG_CACHE_HOME:-$HOME/.cache}"
}

# need COMMAND...: fails unless all of them can be run.
need() {
  local command missing=()
  for command in "$@"; do
    command -v "$command" >/dev/null || missing+=("$command")
  done
  ((${#missing[@]} == 0)) || die "not found in PATH: ${missing[*]}; run $here/install"
}

# go_directory: prints where a Go from 1.21 on is, which fetches the one that go.mod names by itself: in PATH, where the
# archive of go.dev goes, or where Debian keeps its versions. Fails when there is none.
go_directory() {
  local go minor debian
  mapfile -t debian < <(compgen -G '/usr/lib/go-1.*/bin/go' | sort --version-sort --reverse)
  for go in "$(command -v go || true)" /usr/local/go/bin/go "${debian[@]}"; do
    [[ -x $go ]] || continue
    minor=$(cd / && GOTOOLCHAIN=local "$go" env GOVERSION 2>/dev/null | sed -n 's/^go1\.\([0-9]*\).*/\1/p')
    if [[ -n $minor ]] && ((minor >= 21)); then
      dirname "$go"
      return
    fi
  done
  return 1
}
