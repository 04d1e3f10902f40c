#!/bin/sh
# The SVG of the wiring in a browser: everything is there and inside the picture, no name becomes
# anything but text, and it can be read on a light and on a dark screen.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/net_lab.sh"
own_net "$0"
only_plain

browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
if [ -z "$browser" ] || ! is_host_root; then
	plan 9
	skip 9 'not here: no chromium that root may start'
	exit
fi
nets 9 web db dull

ip link set lo up
ip link add br0 type bridge
ip link set br0 up
ip addr add 172.30.0.1/16 dev br0
for name in web db; do
	ip link add "v$name" type veth peer name eth0 netns "$name"
	ip link set "v$name" master br0 up
done
ip -n web link set eth0 up
ip -n web addr add 172.30.0.2/16 dev eth0
ip -n web addr add fd00:1234:5678:9abc:def0:1234:5678:9abc/64 dev eth0
ip -n web link add mv0 link eth0 type macvlan
ip -n web link set mv0 netns db
# As hostile to SVG as the name of a link can be.
ip -n web link add name '<b><i>"&#60;' type veth peer name ']]>-->' netns db
ip -n db link add name '<script>x' type bridge

# shellcheck disable=SC2086 # NSVIEW is a command with words
$NSVIEW graph net -q --format=svg >"$tmp/net.svg"

# The picture within a page that says of it, as JSON: which text there is, what reaches out of
# what, and the contrast of each colour with what it stands on.
cat >"$tmp/judge.js" <<'END'
const svg = document.querySelector('svg');
const light = c => c.match(/[\d.]+/g).slice(0, 3).map(v => v / 255)
	.map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
	.reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
const contrast = (a, b) => {
	const [x, y] = [light(a), light(b)].sort((p, q) => q - p);
	return (x + 0.05) / (y + 0.05);
};
const style = e => getComputedStyle(e);
const paper = style(svg.querySelector('.paper')).fill;
const all = q => [...svg.querySelectorAll(q)];
const inside = (e, box) => {
	const b = e.getBBox();
	return b.x >= box.x && b.y >= box.y && b.x + b.width <= box.x + box.width + 0.5 &&
		b.y + b.height <= box.y + box.height + 4;
};
const cards = all('.card').map(c => c.parentNode);
document.getElementById('said').textContent = JSON.stringify({
	dark: matchMedia('(prefers-color-scheme: dark)').matches,
	ground: style(svg).backgroundColor == paper,
	wires: all('path.wire').length,
	texts: all('text').map(t => t.textContent),
	elements: [...new Set(all('*').map(e => e.nodeName))].sort(),
	outside: cards.flatMap(g => [...g.querySelectorAll('text')]
		.filter(t => !inside(t, g.querySelector('.card').getBBox())))
		.concat(all('*').filter(e => e.getBBox && e.nodeName != 'g' &&
			!inside(e, {x: 0, y: 0, width: svg.width.baseVal.value,
				height: svg.height.baseVal.value}))).map(e => e.textContent || e.outerHTML),
	text: Math.min(...all('text').map(t => contrast(style(t).fill, paper)),
		...cards.flatMap(g => [...g.querySelectorAll('text')].map(t =>
			contrast(style(t).fill, style(g.querySelector('.card')).fill)))),
	wire: Math.min(...all('path.wire').map(p => contrast(style(p).stroke, paper))),
});
END
{
	echo '<!doctype html><meta charset="utf-8"><body>'
	cat "$tmp/net.svg"
	printf '<pre id="said"></pre><script>\n'
	cat "$tmp/judge.js"
	echo '</script>'
} >"$tmp/page.html"
# browse SCHEME FILE: 0 is dark, 1 is light
browse() {
	HOME=$tmp timeout 120 "$browser" --headless --no-sandbox --disable-gpu \
		--disable-dev-shm-usage --no-first-run --disable-background-networking \
		--disable-component-update --disable-sync --user-data-dir="$tmp/browser" \
		--blink-settings="preferredColorScheme=$1" --dump-dom "file://$2" 2>"$tmp/browser.err"
}
# judge SCHEME: what the page says
judge() {
	browse "$1" "$tmp/page.html" | tr -d '\n' | sed 's/.*<pre id="said">//; s/<\/pre>.*//' |
		sed 's/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g' >"$tmp/said.$1"
}

browse 1 "$tmp/net.svg" >"$tmp/dom"
is "$(grep -o '<path class="wire' "$tmp/dom" | wc -l)" "$(grep -c '<path class="wire' "$tmp/net.svg")" \
	'a browser shows the file, with every wire'
judge 1
judge 0
said() { jq -r "$2" "$tmp/said.$1" 2>&1; }
is "$(said 1 .dark) $(said 0 .dark)" 'false true' 'on a light and a dark screen'
is "$(said 1 '.texts[] | select(startswith("eth0") and contains("172.30.0.2"))')" \
	'eth0 veth UP 172.30.0.2/16 fd00:1234:5678:9abc:def0:1234:5678:9abc/64' 'a link is a line of text'
is "$(said 1 '[.texts[] | select(startswith("<b><i>\"&#60; veth", "]]>--> veth", "<script>x bridge"))] | length')" 3 \
	'hostile names are there, as they are'
is "$(said 1 '.elements | join(" ")')" 'g path rect style text title' 'and are nothing but text'
is "$(said 1 '.outside | join(", ")')" '' 'nothing reaches out of its card, or out of the picture'
is "$(said 1 '.text >= 4.5 and .wire >= 3') $(said 0 '.text >= 4.5 and .wire >= 3')" 'true true' \
	'text and wires stand out from what is behind them, light and dark'
is "$(said 1 .ground) $(said 0 .ground)" 'true true' 'around the picture is what is behind it'
like "$(said 1 '.texts[]')" '^\(1 namespace with only lo hidden: --all\)$' 'what is left out is said'
