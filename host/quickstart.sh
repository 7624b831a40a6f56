#!/bin/sh
# Syncline in one go on a Debian 12: installs what is missing, builds, and shows the main job on sample
# data: a first sync, edits on both sides, a folder moved, a conflict shown and resolved, one contact and
# one meeting that two people edit, a camera card imported into a dated library, the history.
# Run again, it builds only what changed and shows the same.  Usage: sh host/quickstart.sh
set -eu
cd "$(dirname "$0")/.."
. host/install_packages.sh

# shellcheck disable=SC2086
install_packages $build_packages

if [ ! -f build/build.ninja ]; then
  say "Configuring (build/)"
  cmake --preset release -DSYNCLINE_TESTS=OFF >/dev/null
fi
say "Building Syncline; the first time takes some minutes"
cmake --build build --target syncline syncline_worker folders contacts calendar images notes

sample=$(mktemp -d "${TMPDIR:-/tmp}/syncline-quickstart.XXXXXX")
trap 'rm -rf "$sample"' EXIT
SYNCLINE_HOME=$sample/home
export SYNCLINE_HOME
syncline=$PWD/build/bin/syncline
laptop=$sample/laptop
stick=$sample/stick

run() {
  printf '\n$ syncline %s\n' "$*" | sed "s|$sample/||g"
  code=0
  out=$("$syncline" "$@") || code=$?
  printf '%s\n' "$out" | sed "s|$sample/||g"
  case $code in 0 | 3) ;; *) exit "$code" ;; esac
}
# Code 3 is an answer here, not a failure: conflicts wait.
sync() {
  printf '\n$ syncline sync %s\n' "$*"
  code=0
  "$syncline" sync "$@" || code=$?
  case $code in 0 | 3) ;; *) exit "$code" ;; esac
}
show() { (cd "$sample" && find laptop stick -not -type d | sort | sed 's/^/    /'); }

say "Two folders: a laptop with real files, a stick with a few of its own"
mkdir -p "$laptop/Letters" "$laptop/Recipes/Soups" "$stick/Photos"
cp README.md docs/*.md "$laptop/Letters/"
printf 'Leek and potato soup\n\n2 leeks, 3 potatoes, cream\n' >"$laptop/Recipes/Soups/leek.txt"
printf 'Apple cake\n\n5 apples, butter, flour\n' >"$laptop/Recipes/cake.txt"
ln -s Recipes/cake.txt "$laptop/favourite"
head -c 300000 /dev/urandom >"$stick/Photos/beach.jpg"
show

say "What can be synced"
run providers

say "A sync item, and its first sync"
run add folders --name Home "$laptop" "$stick" --exclude '*.tmp'
sync Home
show

say "Edits on both sides: a recipe here, a new photo there, a whole folder moved"
printf 'A pinch of nutmeg\n' >>"$laptop/Recipes/Soups/leek.txt"
head -c 200000 /dev/urandom >"$stick/Photos/dunes.jpg"
mv "$stick/Letters" "$stick/Correspondence"
rm "$laptop/favourite"
run sync Home --dry-run
sync Home

say "Both sides edit the same recipe: a conflict, which nobody but you decides"
printf 'Version of the laptop: 6 apples\n' >"$laptop/Recipes/cake.txt"
printf 'Version of the stick: with cinnamon\n' >"$stick/Recipes/cake.txt"
sync Home
run conflicts
number=$("$syncline" conflicts --json | sed -n 's/.*"id": *\([0-9][0-9]*\).*/\1/p' | head -n 1)
run resolve "$number" --keep both
show

say "Two people edit the same contact, one on the phone, one in the address book: both edits survive"
phone=$sample/phone
mkdir -p "$phone"
touch "$sample/addressbook.vcf" "$sample/calendar.ics"
lines() { printf '%s\r\n' "$@"; }
lines BEGIN:VCARD VERSION:3.0 UID:ada-1 'N:Lovelace;Ada;;;' 'FN:Ada Lovelace' \
  'TEL;TYPE=CELL:+44 20 1815' 'EMAIL:ada@example.org' END:VCARD >"$phone/ada.vcf"
run add contacts --name People "$phone" "$sample/addressbook.vcf"
sync People
sed -i 's/1815/1852/' "$phone/ada.vcf"
sed -i 's/^EMAIL:.*/EMAIL:ada@engine.example\r\nORG:Analytical Engines\r/' "$sample/addressbook.vcf"
sync People
sed 's/^/    /' "$phone/ada.vcf"

say "And the same meeting: one moves it to another room, the other adds a guest"
lines BEGIN:VCALENDAR VERSION:2.0 PRODID:-//sample//EN BEGIN:VEVENT UID:tea-1 DTSTAMP:20261101T080000Z \
  DTSTART:20261201T150000Z DTEND:20261201T160000Z 'SUMMARY:Tea with Charles' LOCATION:Library \
  END:VEVENT END:VCALENDAR >"$phone/tea.ics"
run add calendar --name Meetings "$phone" "$sample/calendar.ics"
sync Meetings
sed -i 's/^LOCATION:.*/LOCATION:Garden\r/' "$phone/tea.ics"
sed -i 's/^SUMMARY:/ATTENDEE;CN=Mary:mailto:mary@example.org\r\nSUMMARY:/' "$sample/calendar.ics"
sync Meetings
grep -E 'SUMMARY|LOCATION|ATTENDEE' "$sample/calendar.ics" | sed 's/^/    /'

say "A camera card, imported into a library by date: once, however often it is put in"
card=$sample/card
library=$sample/library
cp -R tests/data/card "$card"
chmod -R u+w "$card"
cp "$card/DCIM/100SMPLE/IMG_0002.JPG" "$card/DCIM/100SMPLE/IMG_0005.JPG"
mkdir "$library"
(cd "$sample" && find card -type f | sort | sed 's/^/    /')
run add images --name Card "$card" "$library" --set 'layout={year}/{month}/{date}_{time}_{name}' --set verify=yes
sync Card
(cd "$sample" && find library -type f | sort | sed 's/^/    /')
sync Card
run events --item Card
run show Card

say "What happened, from the history"
run events --limit 12
run status

cat <<EOF

==> That was it. The sample is removed again; the program stays in $PWD/build/bin.
Now your own folders:

    export PATH="$PWD/build/bin:\$PATH"
    syncline add folders --name Mine ~/Documents /media/stick/Documents
    syncline sync Mine --dry-run
    syncline sync Mine

Contacts and calendars take a folder of .vcf or .ics files, or one such file, on either side:

    syncline add contacts --name People ~/contacts ~/phone.vcf

And a card or a phone is imported with:

    syncline add images --name Card /media/card ~/Pictures --set 'layout={year}/{month}/{name}'

EOF
