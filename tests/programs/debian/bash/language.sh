# The language itself: arrays, arithmetic, patterns, substitution, printf, select, getopts, globbing, recursion.
declare -A colour=([red]=1 [green]=2 [blue]=3)
for key in $(printf '%s\n' "${!colour[@]}" | sort); do echo "$key=${colour[$key]}"; done
list=(zero one two three four five)
echo "${list[@]:2:3} ${#list[@]} ${list[-1]} ${!list[*]} ${list[*]^^}"
unset 'list[1]'
echo "${!list[@]}"
echo $((2 ** 62)) $((-7 / 2)) $((-7 % 3)) $((0xff & ~0x0f)) $((1 << 40)) $((16#beef)) $((5 > 3 ? 10 : 20))
[[ 2024-03-15 =~ ^([0-9]+)-([0-9]+)-([0-9]+)$ ]] && echo "${BASH_REMATCH[@]:1}"
text='the quick brown fox'
echo "${text// /_} ${text/quick/slow} ${text:4:5} ${text^} ${text%% *} ${text@Q}"
printf '%5d|%-5s|%05.1f|%x|%q|%b\n' 42 ab 3.14159 255 'a b' 'tab\there'
shopt -s extglob nullglob globstar
mkdir -p g/a/b
touch g/{x,y,z}.txt g/a/{1..5}.c g/a/b/deep.c
echo g/*.txt g/**/*.c g/!(x|y).txt g/none*
while getopts ab:c option -a -b value -c; do echo "$option ${OPTARG:-}"; done
hanoi() { (($1 == 0)) && return; hanoi $(($1 - 1)) "$2" "$4" "$3"; moves+=$2$3' '; hanoi $(($1 - 1)) "$4" "$3" "$2"; }
moves=
hanoi 6 A C B
echo "$moves" | md5sum
sieve=()
for ((i = 2; i <= 400; i++)); do
    [[ -n ${sieve[i]:-} ]] && continue
    primes+=($i)
    for ((j = i * i; j <= 400; j += i)); do sieve[j]=1; done
done
echo "${#primes[@]} primes, the last is ${primes[-1]}"
mapfile -t lines < <(printf 'b\na\nc\n')
IFS=, eval 'echo "${lines[*]}"'
sorted=$(printf '%s\n' "${lines[@]}" | sort)
echo $sorted
case abc in a*c) echo matched ;;& *b*) echo 'and again' ;; esac
local_test() { local x=inner; nested; }
nested() { echo "x is $x"; }
x=outer
local_test
nested
echo {1..5..2} {a..e} pre{A,B}post
(
    cd g && pwd | sed 's,.*/,,' && cd - >/dev/null && echo "${OLDPWD##*/}"
)
read -r -d '' paragraph <<'END'
several
lines
END
echo "${#paragraph}"
printf -v formatted '%(%Y-%m-%d)T' 86400
echo "$formatted" "$(type -t cd)" "$(type -t local_test)" "${BASH_VERSION%%.*}"
