# A repository's life: init, commit, branches, merge, rebase, log, grep, gc, clone, bisect. Hashes must agree.
set -e
export GIT_AUTHOR_NAME=Author GIT_AUTHOR_EMAIL=author@example.org GIT_COMMITTER_NAME=Committer
export GIT_COMMITTER_EMAIL=committer@example.org GIT_PAGER=cat GIT_ADVICE=0 GIT_CONFIG_NOSYSTEM=1
tick=1700000000
commit() {
    tick=$((tick + 60))
    GIT_AUTHOR_DATE="$tick +0100" GIT_COMMITTER_DATE="$tick +0100" git commit -q "$@"
}
git init -q -b main repository
cd repository
for i in $(seq 1 12); do
    seq 1 $((i * 50)) | sed "s/^/line of version $i: /" >"file$((i % 4))"
    mkdir -p "folder/$i"
    echo "$i" >"folder/$i/small"
    git add .
    commit -m "Commit number $i" -m 'With a body.'
done
git log --oneline
git log --stat --format='%H %an %ad %s' --date=iso -3
git checkout -q -b topic HEAD~5
echo topic >topic
git add topic
commit -m 'On the topic'
sed -i 's/line of version 4/changed line/' file0
commit -am 'Change a file'
git checkout -q main
tick=$((tick + 60))
GIT_AUTHOR_DATE="$tick +0100" GIT_COMMITTER_DATE="$tick +0100" git merge -q --no-ff -m 'Merge the topic' topic -X ours
git log --graph --format='%h %s'
git diff HEAD~3 --stat
git diff HEAD~1 -- topic
GIT_COMMITTER_DATE="$tick +0100" git tag -a v1 -m 'A tag' && git describe --match 'v*'
git grep -c 'version 1' | sort
git blame -s file1 | cut -c 1-40 | sort | uniq -c | sort -rn | head -n 4
git ls-tree -r HEAD | md5sum
git rev-list --objects --all | cut -d' ' -f1 | sort | git cat-file --batch-check | md5sum
git gc -q --prune=now
git count-objects -v | grep -E '^(count|in-pack|packs|garbage)'
git fsck --full --strict 
cd ..
git clone -q --bare repository bare.git
git clone -q "file://$PWD/bare.git" clone
cd clone
git log -1 --format=%H
echo new >new
git add new
commit -m 'From the clone'
git push -q origin main
git -C ../bare.git log -1 --format='%h %s'
echo dirty >>file2
git stash -q
git status --short
git stash pop -q
git status --short
git checkout -q -- .
git bisect start HEAD HEAD~8 >/dev/null
git bisect run sh -c "! grep -q \"version 10\" file2" | grep "first bad commit" | cut -c 1-60
git bisect reset >/dev/null 2>&1
git format-patch -1 --stdout | sed '$d' | sed '$d' | sed '$d' | md5sum
git archive --format=tar HEAD | tar -t | wc -l
git checkout -q -b side HEAD~1
echo side >side
git add side
commit -m 'On the side'
GIT_COMMITTER_DATE="$tick +0100" git rebase -q main
git log --format='%h %s' -3
