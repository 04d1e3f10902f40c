/* SPDX-License-Identifier: MIT */
/* The wiring picture as text, JSON, DOT, Mermaid and SVG, and the tables, of networks made by hand.
 */
// wrap: getpwuid_r getgrgid_r
#include "unit/net_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>

#include <nsview/wiring.h>

#include "sample.h"

/*
 * The host with a NIC and a bridge; docker:web on the bridge; net 5, whose end is down; netns:lab
 * with a macvlan on the NIC; in the host a tap that a process has open, a tunnel, and a pair whose
 * other end is not in view.
 */
struct fixture {
	struct net_sample *nets;
	struct graph *g;
	struct net_ns *host, *web, *other, *lab;
	struct net_link *eth, *bridge, *port, *down_port, *web_eth, *other_eth, *mv;
};

static void make_links(struct fixture *f)
{
	f->eth = net_sample_link(f->host, "eth0", NULL);
	f->eth->bus = "virtio";
	net_sample_addr(f->eth, "10.0.4.17", 22);
	f->bridge = net_sample_link(f->host, "docker0", "bridge");
	net_sample_addr(f->bridge, "172.17.0.1", 16);
	f->port = net_sample_link(f->host, "veth3a1c", "veth");
	f->down_port = net_sample_link(f->host, "vethb77e", "veth");
	f->down_port->oper = NET_OPER_LOWERLAYERDOWN;
	f->web_eth = net_sample_link(f->web, "eth0", "veth");
	net_sample_addr(f->web_eth, "172.17.0.2", 16);
	net_sample_addr(f->web_eth, "2001:db8::2", 64);
	f->other_eth = net_sample_link(f->other, "eth0", "veth");
	f->other_eth->flags &= ~(unsigned)IFF_UP;
	f->other_eth->oper = NET_OPER_DOWN;
	net_sample_addr(f->other_eth, "172.17.0.3", 16);
	f->mv = net_sample_link(f->lab, "mv0", "macvlan");
	net_sample_addr(f->mv, "10.0.4.90", 22);
}

static void make_wires(struct fixture *f, struct process *job)
{
	struct net_link *tap = net_sample_link(f->host, "tap0", "tun");
	struct net_link *vxlan = net_sample_link(f->host, "vx0", "vxlan");
	struct net_link *lost = net_sample_link(f->host, "lost", "veth");
	struct net_wire *wire;

	net_sample_port(f->nets, f->port, f->bridge);
	net_sample_port(f->nets, f->down_port, f->bridge);
	net_sample_veth(f->nets, f->port, f->web_eth);
	net_sample_veth(f->nets, f->down_port, f->other_eth)->up = false;
	net_sample_wire(f->nets, NET_WIRE_MACVLAN, f->mv, f->eth);
	net_sample_end(&f->mv->lower, f->eth);
	wire = net_sample_wire(f->nets, NET_WIRE_TUN, tap, NULL);
	wire->process = job;
	wire->fd = 7;
	wire = net_sample_wire(f->nets, NET_WIRE_VXLAN, vxlan, NULL);
	assert_int_equal(net_ip_parse("192.0.2.1", &wire->remote), 0);
	net_sample_wire(f->nets, NET_WIRE_VETH, lost, NULL)->words = "it is not in this view";
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct sample s;

	assert_non_null(f);
	fill_sample(&s);
	f->g = s.g;
	f->nets = net_sample_on(f->g);
	f->nets->net.sockets_held.fact = fact_known();
	f->host = net_sample_ns(f->nets, host_ino(NS_NET));
	f->web = net_sample_ns(f->nets, other_ino(NS_NET, 1));
	f->lab = net_sample_ns(f->nets, other_ino(NS_NET, 4));
	f->other = net_sample_ns(f->nets, other_ino(NS_NET, 5));
	make_links(f);
	make_wires(f, s.job);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	net_sample_free(f->nets);
	free(f);
	return 0;
}

static void build(const struct fixture *f, size_t lanes_max, struct wiring *w)
{
	const struct wiring_options opt = { .lanes_max = lanes_max };

	wiring_build(&f->nets->net, &opt, w);
}

static void assert_picture(const struct fixture *f, unsigned width, bool utf8, const char *wanted)
{
	struct paper paper = paper_new(width, utf8);
	struct wiring w;

	build(f, 0, &w);
	paper_open(&paper);
	assert_int_equal(net_print(&paper.term, f->g, &w), 0);
	assert_string_equal(paper_read(&paper), wanted);
	free(paper.text);
	wiring_release(&w);
}

static char *drawn(const struct fixture *f, enum net_graph_kind kind)
{
	struct paper paper = paper_new(0, true);
	struct wiring w;

	build(f, 0, &w);
	paper_open(&paper);
	assert_int_equal(net_graph(&paper.term, f->g, &w, kind), 0);
	wiring_release(&w);
	return (char *)paper_read(&paper);
}

/* CNI, Docker and podman mount the network of each container under a number. */
static void a_container_is_called_by_its_name_and_not_by_that_of_its_network(void **state)
{
	const struct fixture *f = *state;
	struct paper paper = paper_new(0, true);
	struct wiring w;

	graph_add_holder(f->g, (struct ns *)f->web->ns, HOLD_MOUNT, NULL, 0, -1,
			 "/run/netns/cni-07cf9f57-310d", NULL);
	graph_seal(f->g);
	build(f, 0, &w);
	paper_open(&paper);
	assert_int_equal(net_print(&paper.term, f->g, &w), 0);
	assert_says(paper_read(&paper), " docker:web  net:[4026532103]  2 procs");
	assert_says_not(paper.text, "cni-07cf9f57");
	free(paper.text);
	wiring_release(&w);
}

static void the_picture_at_80_columns(void **state)
{
	assert_picture(
		*state, 80, true,
		" host  net:[4026531833]  2 procs\n"
		"   eth0               virtio  UP   10.0.4.17/22               ─────────────────┐\n"
		"   docker0            bridge  UP   172.17.0.1/16                               │\n"
		"   ├ veth3a1c         veth    UP                              ─────────────┐   │\n"
		"   └ vethb77e         veth    LLD                             ──X──────────┼─┐ │\n"
		"   tap0               tun     UP   tun to pid 8801 sh fd 7                 │ │ │\n"
		"   vx0                vxlan   UP   vxlan to 192.0.2.1                      │ │ │\n"
		"   lost               veth    UP   veth to ? it is not in th…              │ │ │\n"
		" docker:web  net:[4026532103]  2 procs                                     │ │ │\n"
		"   eth0@host:veth3a1c veth    UP   172.17.0.2/16 2001:db8::2… ─── veth ────┘ │ │\n"
		" netns:lab  net:[4026532403]  (mount)                                        │ │\n"
		"   mv0@host:eth0      macvlan UP   10.0.4.90/22               ─── macvlan ───┼─┘\n"
		" pid 4124 fd 4  net:[4026532503]  (fd)                                       │\n"
		"   eth0@host:vethb77e veth    DOWN 172.17.0.3/16              ──X veth ──────┘\n");
}

static void the_picture_in_ascii(void **state)
{
	assert_picture(
		*state, 80, false,
		" host  net:[4026531833]  2 procs\n"
		"   eth0               virtio  UP   10.0.4.17/22               -----------------.\n"
		"   docker0            bridge  UP   172.17.0.1/16                               |\n"
		"   |-veth3a1c         veth    UP                              -------------.   |\n"
		"   `-vethb77e         veth    LLD                             --X----------+-. |\n"
		"   tap0               tun     UP   tun to pid 8801 sh fd 7                 | | |\n"
		"   vx0                vxlan   UP   vxlan to 192.0.2.1                      | | |\n"
		"   lost               veth    UP   veth to ? it is not in ...              | | |\n"
		" docker:web  net:[4026532103]  2 procs                                     | | |\n"
		"   eth0@host:veth3a1c veth    UP   172.17.0.2/16 2001:db8:... --- veth ----' | |\n"
		" netns:lab  net:[4026532403]  (mount)                                        | |\n"
		"   mv0@host:eth0      macvlan UP   10.0.4.90/22               --- macvlan ---+-'\n"
		" pid 4124 fd 4  net:[4026532503]  (fd)                                       |\n"
		"   eth0@host:vethb77e veth    DOWN 172.17.0.3/16              --X veth ------'\n");
}

static void the_picture_at_200_columns(void **state)
{
	assert_picture(*state, 200, true,
		       " host  net:[4026531833]  2 procs\n"
		       "   eth0               virtio  UP   10.0.4.17/22                     "
		       "─────────────────┐\n"
		       "   docker0            bridge  UP   172.17.0.1/16                           "
		       "          │\n"
		       "   ├ veth3a1c         veth    UP                                    "
		       "─────────────┐   │\n"
		       "   └ vethb77e         veth    LLD                                   "
		       "──X──────────┼─┐ │\n"
		       "   tap0               tun     UP   tun to pid 8801 sh fd 7                 "
		       "      │ │ │\n"
		       "   vx0                vxlan   UP   vxlan to 192.0.2.1                      "
		       "      │ │ │\n"
		       "   lost               veth    UP   veth to ? it is not in this view        "
		       "      │ │ │\n"
		       " docker:web  net:[4026532103]  2 procs                                     "
		       "      │ │ │\n"
		       "   eth0@host:veth3a1c veth    UP   172.17.0.2/16 2001:db8::2/64     ─── "
		       "veth ────┘ │ │\n"
		       " netns:lab  net:[4026532403]  (mount)                                      "
		       "        │ │\n"
		       "   mv0@host:eth0      macvlan UP   10.0.4.90/22                     ─── "
		       "macvlan ───┼─┘\n"
		       " pid 4124 fd 4  net:[4026532503]  (fd)                                     "
		       "        │\n"
		       "   eth0@host:vethb77e veth    DOWN 172.17.0.3/16                    ──X "
		       "veth ──────┘\n");
}

static void the_picture_in_200_columns_of_ascii(void **state)
{
	assert_picture(*state, 200, false,
		       " host  net:[4026531833]  2 procs\n"
		       "   eth0               virtio  UP   10.0.4.17/22                     "
		       "-----------------.\n"
		       "   docker0            bridge  UP   172.17.0.1/16                           "
		       "          |\n"
		       "   |-veth3a1c         veth    UP                                    "
		       "-------------.   |\n"
		       "   `-vethb77e         veth    LLD                                   "
		       "--X----------+-. |\n"
		       "   tap0               tun     UP   tun to pid 8801 sh fd 7                 "
		       "      | | |\n"
		       "   vx0                vxlan   UP   vxlan to 192.0.2.1                      "
		       "      | | |\n"
		       "   lost               veth    UP   veth to ? it is not in this view        "
		       "      | | |\n"
		       " docker:web  net:[4026532103]  2 procs                                     "
		       "      | | |\n"
		       "   eth0@host:veth3a1c veth    UP   172.17.0.2/16 2001:db8::2/64     --- "
		       "veth ----' | |\n"
		       " netns:lab  net:[4026532403]  (mount)                                      "
		       "        | |\n"
		       "   mv0@host:eth0      macvlan UP   10.0.4.90/22                     --- "
		       "macvlan ---+-'\n"
		       " pid 4124 fd 4  net:[4026532503]  (fd)                                     "
		       "        |\n"
		       "   eth0@host:vethb77e veth    DOWN 172.17.0.3/16                    --X "
		       "veth ------'\n");
}

/* Cells are cut, first addresses last; the lanes stay whole. */
static void the_picture_at_60_columns(void **state)
{
	assert_picture(*state, 60, true,
		       " host  net:[4026531833]  2 procs\n"
		       "   eth0        virtio  UP   10.0.4.17/22  ─────────────────┐\n"
		       "   docker0     bridge  UP   172.17.0.1/16                  │\n"
		       "   ├ veth3a1c  veth    UP                 ─────────────┐   │\n"
		       "   └ vethb77e  veth    LLD                ──X──────────┼─┐ │\n"
		       "   tap0        tun     UP   tun to pid 8…              │ │ │\n"
		       "   vx0         vxlan   UP   vxlan to 192…              │ │ │\n"
		       "   lost        veth    UP   veth to ? it…              │ │ │\n"
		       " docker:web  net:[4026532103]  2 procs                 │ │ │\n"
		       "   eth0@host:… veth    UP   172.17.0.2/1… ─── veth ────┘ │ │\n"
		       " netns:lab  net:[4026532403]  (mount)                    │ │\n"
		       "   mv0@host:e… macvlan UP   10.0.4.90/22  ─── macvlan ───┼─┘\n"
		       " pid 4124 fd 4  net:[4026532503]  (fd)                   │\n"
		       "   eth0@host:… veth    DOWN 172.17.0.3/16 ──X veth ──────┘\n");
}

static void a_cable_without_a_lane_has_its_number_at_both_ends(void **state)
{
	const struct fixture *f = *state;
	struct paper paper = paper_new(80, true);
	struct wiring w;
	const char *text, *first;

	build(f, 1, &w);
	paper_open(&paper);
	net_print(&paper.term, f->g, &w);
	text = paper_read(&paper);
	first = strstr(text, "veth #1");
	assert_non_null(first);
	assert_non_null(strstr(first + 1, "veth #1"));
	assert_non_null(strstr(text, " #2"));
	free(paper.text);
	wiring_release(&w);
}

static void what_could_not_be_read_is_said(void **state)
{
	const struct fixture *f = *state;
	struct net_known *known = &f->other->parts[NET_PART_LINKS];
	struct paper paper = paper_new(80, true);
	struct wiring w;

	known->fact = fact_from_error(-EPERM);
	known->why = "it may not be entered\033[31m";
	build(f, 0, &w);
	paper_open(&paper);
	net_print(&paper.term, f->g, &w);
	assert_says(paper_read(&paper), "   links: it may not be entered\\x1b[31m\n");
	free(paper.text);
	wiring_release(&w);
}

static void nobody_who_has_a_tap_open_is_not_unknown(void **state)
{
	const struct fixture *f = *state;
	struct net_wire *tun = NULL;
	char *text;

	for (size_t i = 0; i < f->nets->net.nwires; i++)
		if (f->nets->wires[i].kind == NET_WIRE_TUN)
			tun = &f->nets->wires[i];
	assert_non_null(tun);
	tun->process = NULL;
	text = drawn(f, NET_GRAPH_DOT);
	assert_says(text, "tun to no process");
	free(text);
	f->nets->net.sockets_held.why = "descriptors of some could not be listed";
	text = drawn(f, NET_GRAPH_DOT);
	assert_says(text, "tun to ? descriptors of some could not be listed");
	free(text);
	f->nets->net.sockets_held = (struct net_known){ .fact = fact_from_error(-EPERM) };
	text = drawn(f, NET_GRAPH_DOT);
	assert_says_not(text, "no process");
	free(text);
}

static void the_picture_as_dot(void **state)
{
	char *text = drawn(*state, NET_GRAPH_DOT);

	assert_string_equal(
		text,
		"graph nsview {\n"
		"  graph [rankdir=LR, fontname=\"sans-serif\", fontsize=11];\n"
		"  node [shape=box, fontname=\"sans-serif\", fontsize=10, height=0.2];\n"
		"  edge [fontname=\"sans-serif\", fontsize=9];\n"
		"  subgraph \"cluster_n4026531833\" {\n"
		"    label=\"host  net:[4026531833]  2 procs\";\n"
		"    style=\"rounded\";\n"
		"    \"n4026531833_2\" [label=\"eth0 virtio UP 10.0.4.17/22\"];\n"
		"    \"n4026531833_3\" [label=\"docker0 bridge UP 172.17.0.1/16\"];\n"
		"    \"n4026531833_4\" [label=\"veth3a1c veth UP\"];\n"
		"    \"n4026531833_5\" [label=\"vethb77e veth LLD\", style=dotted];\n"
		"    \"n4026531833_6\" [label=\"tap0 tun UP\"];\n"
		"    \"n4026531833_7\" [label=\"vx0 vxlan UP\"];\n"
		"    \"n4026531833_8\" [label=\"lost veth UP\"];\n"
		"  }\n"
		"  subgraph \"cluster_n4026532103\" {\n"
		"    label=\"docker:web  net:[4026532103]  2 procs\";\n"
		"    style=\"rounded\";\n"
		"    \"n4026532103_2\" [label=\"eth0 veth UP 172.17.0.2/16 2001:db8::2/64\"];\n"
		"  }\n"
		"  subgraph \"cluster_n4026532403\" {\n"
		"    label=\"netns:lab  net:[4026532403]  (mount)\";\n"
		"    style=\"rounded,dashed\";\n"
		"    \"n4026532403_2\" [label=\"mv0 macvlan UP 10.0.4.90/22\"];\n"
		"  }\n"
		"  subgraph \"cluster_n4026532503\" {\n"
		"    label=\"pid 4124 fd 4  net:[4026532503]  (fd)\";\n"
		"    style=\"rounded,dashed\";\n"
		"    \"n4026532503_2\" [label=\"eth0 veth DOWN 172.17.0.3/16\", style=dotted];\n"
		"  }\n"
		"  \"n4026531833_3\" -- \"n4026531833_4\" [label=\"\"];\n"
		"  \"n4026531833_3\" -- \"n4026531833_5\" [label=\"\", style=dashed];\n"
		"  \"n4026532103_2\" -- \"n4026531833_4\" [label=\"veth\"];\n"
		"  \"n4026532503_2\" -- \"n4026531833_5\" [label=\"veth\", style=dashed];\n"
		"  \"stub_1\" [shape=plaintext, label=\"tun to pid 8801 sh fd 7\"];\n"
		"  \"n4026531833_6\" -- \"stub_1\" [style=dashed];\n"
		"  \"stub_2\" [shape=plaintext, label=\"vxlan to 192.0.2.1\"];\n"
		"  \"n4026531833_7\" -- \"stub_2\" [style=dashed];\n"
		"  \"stub_3\" [shape=plaintext, label=\"veth to ? it is not in this view\"];\n"
		"  \"n4026531833_8\" -- \"stub_3\" [style=dashed];\n"
		"  \"n4026531833_2\" -- \"n4026532403_2\" [label=\"macvlan\"];\n"
		"}\n");
	free(text);
}

static void the_picture_as_mermaid(void **state)
{
	char *text = drawn(*state, NET_GRAPH_MERMAID);

	assert_string_equal(
		text,
		"graph LR\n"
		"  subgraph n4026531833[\"host  net#58;#91;4026531833#93;  2 procs\"]\n"
		"    n4026531833_2[\"eth0 virtio UP 10.0.4.17/22\"]\n"
		"    n4026531833_3[\"docker0 bridge UP 172.17.0.1/16\"]\n"
		"    n4026531833_4[\"veth3a1c veth UP\"]\n"
		"    n4026531833_5[\"vethb77e veth LLD\"]\n"
		"    n4026531833_6[\"tap0 tun UP\"]\n"
		"    n4026531833_7[\"vx0 vxlan UP\"]\n"
		"    n4026531833_8[\"lost veth UP\"]\n"
		"  end\n"
		"  subgraph n4026532103[\"docker#58;web  net#58;#91;4026532103#93;  2 procs\"]\n"
		"    n4026532103_2[\"eth0 veth UP 172.17.0.2/16 2001#58;db8#58;#58;2/64\"]\n"
		"  end\n"
		"  subgraph n4026532403[\"netns#58;lab  net#58;#91;4026532403#93;  "
		"#40;mount#41;\"]\n"
		"    n4026532403_2[\"mv0 macvlan UP 10.0.4.90/22\"]\n"
		"  end\n"
		"  subgraph n4026532503[\"pid 4124 fd 4  net#58;#91;4026532503#93;  #40;fd#41;\"]\n"
		"    n4026532503_2[\"eth0 veth DOWN 172.17.0.3/16\"]\n"
		"  end\n"
		"  n4026531833_3 --- n4026531833_4\n"
		"  n4026531833_3 -.- n4026531833_5\n"
		"  n4026532103_2 ---|\"veth\"| n4026531833_4\n"
		"  n4026532503_2 -.-|\"veth\"| n4026531833_5\n"
		"  n4026531833_6 -.- stub_1([\"tun to pid 8801 sh fd 7\"])\n"
		"  n4026531833_7 -.- stub_2([\"vxlan to 192.0.2.1\"])\n"
		"  n4026531833_8 -.- stub_3([\"veth to #63; it is not in this view\"])\n"
		"  n4026531833_2 ---|\"macvlan\"| n4026532403_2\n");
	free(text);
}

static void the_picture_as_svg(void **state)
{
	char *text = drawn(*state, NET_GRAPH_SVG);

	assert_says(text, "<svg xmlns=\"http://www.w3.org/2000/svg\"");
	assert_says(text, "<title>docker:web  net:[4026532103]  2 procs</title>");
	assert_says(text, "<rect class=\"card empty\"");
	assert_says(text, ">  veth3a1c veth UP</text>");
	assert_says(text, "<path class=\"wire down\"");
	assert_says(text, "prefers-color-scheme: dark");
	/* Nothing is fetched from elsewhere, and nothing runs. */
	assert_says_not(text, "href");
	assert_says_not(text, "url(");
	assert_says_not(text, "@import");
	assert_says_not(text, "<script");
	free(text);
}

/* A name as hostile as the kernel takes it, and one that is no UTF-8. */
static void hostile_names_are_escaped_for_each_format(void **state)
{
	struct fixture *f = *state;
	char *text;

	f->web_eth->name = "</text>\"];|&\\\n";
	f->mv->name = "\377\033]0;x\a";
	text = drawn(f, NET_GRAPH_SVG);
	assert_says(text, "&lt;/text&gt;&quot;];|&amp;\\\\\\n veth UP");
	assert_says(text, "\\xff\\x1b]0;x\\x07");
	free(text);
	text = drawn(f, NET_GRAPH_DOT);
	assert_says(text, "label=\"</text>\\\"];|&\\\\\\\\\\\\n veth UP");
	free(text);
	text = drawn(f, NET_GRAPH_MERMAID);
	assert_says(text, "#60;/text#62;#34;#93;#59;#124;#38;#92;#92;#92;n veth UP");
	free(text);
}

static void a_name_that_is_too_long_is_cut_and_the_lanes_hold(void **state)
{
	struct fixture *f = *state;
	struct paper paper = paper_new(80, true);
	struct wiring w;
	const char *text;
	size_t width = 0, column = 0;

	f->web_eth->name = "\001\002\003\004\005\006\007\010\011\012\013\014\015\016\017";
	build(f, 0, &w);
	paper_open(&paper);
	net_print(&paper.term, f->g, &w);
	text = paper_read(&paper);
	assert_says(text, "…");
	for (; *text; text++) {
		column = *text == '\n' ? 0 : column + ((*text & 0xc0) != 0x80);
		width = column > width ? column : width;
	}
	assert_true(width <= 80);
	free(paper.text);
	wiring_release(&w);
}

static json_t *document(const struct fixture *f)
{
	struct paper paper = paper_new(0, true);
	json_error_t error;
	json_t *root;

	paper_open(&paper);
	assert_int_equal(net_json(&paper.term, f->g, &f->nets->net, f->nets->list, f->nets->net.n),
			 0);
	root = json_loads(paper_read(&paper), JSON_REJECT_DUPLICATES, &error);
	if (!root)
		fail_msg("%s at %d in:\n%s", error.text, error.position, paper.text);
	free(paper.text);
	return root;
}

static json_t *member(json_t *root, const char *array, size_t i)
{
	return json_array_get(json_object_get(root, array), i);
}

static void json_has_every_namespace_and_wire(void **state)
{
	const struct fixture *f = *state;
	json_t *root = document(f), *web = member(root, "net_namespaces", 1), *link, *wire;

	assert_int_equal(json_integer_value(json_object_get(root, "schema")), 1);
	assert_int_equal(json_array_size(json_object_get(root, "net_namespaces")), 4);
	assert_int_equal(json_array_size(json_object_get(root, "wires")), f->nets->net.nwires);
	assert_string_equal(json_string_value(json_object_get(web, "who")), "docker:web nginx");
	link = member(web, "links", 1);
	assert_string_equal(json_string_value(json_object_get(link, "name")), "eth0");
	assert_string_equal(
		json_string_value(json_object_get(json_object_get(link, "peer"), "name")),
		"veth3a1c");
	assert_int_equal(json_integer_value(json_object_get(json_object_get(link, "peer"), "ns")),
			 host_ino(NS_NET));
	assert_string_equal(json_string_value(json_object_get(member(web, "addresses", 0), "ip")),
			    "172.17.0.2");
	/* What was not read is not there. */
	assert_null(json_object_get(web, "routes"));
	wire = member(root, "wires", f->nets->net.nwires - 1);
	assert_true(json_is_null(json_object_get(wire, "b")));
	assert_string_equal(json_string_value(json_object_get(wire, "why")),
			    "it is not in this view");
	json_decref(root);
}

static void json_of_what_could_not_be_read_is_null_with_why(void **state)
{
	const struct fixture *f = *state;
	json_t *root, *web;

	f->web->parts[NET_PART_ROUTES].fact = fact_from_error(-EPERM);
	f->web->parts[NET_PART_LINKS].missing = 3;
	f->web->parts[NET_PART_FILTER].fact = fact_known();
	f->web->policies_unread = true;
	root = document(f);
	web = member(root, "net_namespaces", 1);
	assert_true(json_is_null(json_object_get(web, "ipsec_policies")));
	assert_non_null(json_string_value(json_object_get(web, "ipsec_policies_why")));
	assert_true(json_is_null(json_object_get(web, "routes")));
	assert_non_null(json_string_value(json_object_get(web, "routes_why")));
	assert_int_equal(json_integer_value(json_object_get(member(web, "partly", 0), "missing")),
			 3);
	json_decref(root);
}

static void json_counts_policies_where_filters_were_read(void **state)
{
	const struct fixture *f = *state;
	json_t *root, *host;

	f->host->parts[NET_PART_FILTER].fact = fact_known();
	f->host->policies = 3;
	root = document(f);
	host = member(root, "net_namespaces", 0);
	assert_int_equal(json_integer_value(json_object_get(host, "ipsec_policies")), 3);
	assert_null(json_object_get(member(root, "net_namespaces", 1), "ipsec_policies"));
	json_decref(root);
}

static void assert_table(const struct fixture *f, const struct column_table *columns,
			 const char *list, const struct row *rows, size_t n, const char *wanted)
{
	const struct table_options opt = { .format = TABLE_LAID_OUT };
	struct paper paper = paper_new(0, true);
	struct column_list chosen;
	struct error err;

	(void)f;
	assert_int_equal(column_list_parse(columns, list, &chosen, &err), 0);
	paper_open(&paper);
	assert_int_equal(table_print(&paper.term, &opt, &chosen, rows, n), 0);
	assert_string_equal(paper_read(&paper), wanted);
	free(paper.text);
}

static void a_table_of_links(void **state)
{
	const struct fixture *f = *state;
	struct row rows[] = {
		{ .graph = f->g, .ns = f->host->ns, .item = f->port },
		{ .graph = f->g, .ns = f->web->ns, .item = f->web_eth },
		{ .graph = f->g, .ns = f->lab->ns, .item = f->mv },
	};

	assert_table(
		f, &link_columns, NULL, rows, 3,
		"        NS LINK     KIND    STATE MASTER  END                     WHO\n"
		"4026531833 veth3a1c veth    UP    docker0 net:4026532103:eth0     host (systemd)\n"
		"4026532103 eth0     veth    UP    -       net:4026531833:veth3a1c docker:web "
		"nginx\n"
		"4026532403 mv0      macvlan UP    -       net:4026531833:eth0     netns:lab\n");
	assert_table(f, &link_columns, "LINK,ADDRS,MAC,MTU,UP", rows, 3,
		     "LINK     ADDRS                        MAC  MTU UP\n"
		     "veth3a1c -                            -   1500 yes\n"
		     "eth0     172.17.0.2/16 2001:db8::2/64 -   1500 yes\n"
		     "mv0      10.0.4.90/22                 -   1500 yes\n");
}

static void addresses_that_could_not_be_read_are_not_none(void **state)
{
	const struct fixture *f = *state;
	struct row rows[] = { { .graph = f->g, .ns = f->host->ns, .item = f->port } };

	f->host->parts[NET_PART_ADDRS].fact = fact_from_error(-EACCES);
	assert_table(f, &link_columns, "LINK,ADDRS", rows, 1, "LINK     ADDRS\nveth3a1c ?\n");
}

static void a_table_of_sockets(void **state)
{
	const struct fixture *f = *state;
	const struct net_holder worker = { .process = graph_process(f->g, 4124), .fd = 6 };
	const struct net_holder master = { .next = &worker,
					   .process = graph_process(f->g, 4123),
					   .fd = 6 };
	const struct net_socket sockets[] = {
		{ .proto = NET_PROTO_TCP,
		  .state = NET_SOCKET_LISTEN,
		  .family = AF_INET,
		  .wildcard = true,
		  .lport = 80,
		  .inode = 99,
		  .holders = &master },
		{ .proto = NET_PROTO_TCP,
		  .state = NET_SOCKET_ESTABLISHED,
		  .family = AF_INET6,
		  .local = { AF_INET6, { 0xfe, 0x80, [15] = 1 } },
		  .lport = 80,
		  .remote = { AF_INET6, { 0xfe, 0x80, [15] = 2 } },
		  .rport = 4096 },
		{ .proto = NET_PROTO_UNIX,
		  .state = NET_SOCKET_LISTEN,
		  .family = AF_UNIX,
		  .path = "\0bus\033",
		  .path_len = 5 },
	};
	struct row rows[3];

	for (size_t i = 0; i < 3; i++)
		rows[i] = (struct row){ .graph = f->g, .ns = f->web->ns, .item = &sockets[i] };
	assert_table(
		f, &socket_columns, NULL, rows, 3,
		"        NS PROTO STATE  LOCAL        REMOTE         HOLDERS                 WHO\n"
		"4026532103 tcp   LISTEN *:80         -              nginx(4123) nginx(4124) "
		"docker:web nginx\n"
		"4026532103 tcp   ESTAB  [fe80::1]:80 [fe80::2]:4096 -                       "
		"docker:web nginx\n"
		"4026532103 unix  LISTEN @bus\\x1b     -              -                       "
		"docker:web nginx\n");
}

static void a_table_of_routes(void **state)
{
	const struct fixture *f = *state;
	const struct net_hop hop = { .link = f->web_eth,
				     .index = 2,
				     .gateway = { AF_INET, { 172, 17, 0, 1 } } };
	const struct net_route routes[] = {
		{ .family = AF_INET,
		  .type = NET_ROUTE_UNICAST,
		  .table = NET_TABLE_MAIN,
		  .hops = &hop,
		  .nhops = 1 },
		{ .family = AF_INET,
		  .type = NET_ROUTE_BLACKHOLE,
		  .table = 7,
		  .len = 8,
		  .dst = { AF_INET, { 10 } },
		  .metric = 5 },
	};
	struct row rows[2];

	for (size_t i = 0; i < 2; i++)
		rows[i] = (struct row){ .graph = f->g, .ns = f->web->ns, .item = &routes[i] };
	assert_table(
		f, &route_columns, NULL, rows, 2,
		"        NS TABLE DST        TYPE      GATEWAY    LINK METRIC WHO\n"
		"4026532103 main  default    unicast   172.17.0.1 eth0      0 docker:web nginx\n"
		"4026532103 7     10.0.0.0/8 blackhole -          -         5 docker:web nginx\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_container_is_called_by_its_name_and_not_by_that_of_its_network),
		TEST(the_picture_at_80_columns),
		TEST(the_picture_in_ascii),
		TEST(the_picture_at_200_columns),
		TEST(the_picture_in_200_columns_of_ascii),
		TEST(the_picture_at_60_columns),
		TEST(a_cable_without_a_lane_has_its_number_at_both_ends),
		TEST(what_could_not_be_read_is_said),
		TEST(nobody_who_has_a_tap_open_is_not_unknown),
		TEST(the_picture_as_dot),
		TEST(the_picture_as_mermaid),
		TEST(the_picture_as_svg),
		TEST(hostile_names_are_escaped_for_each_format),
		TEST(a_name_that_is_too_long_is_cut_and_the_lanes_hold),
		TEST(json_has_every_namespace_and_wire),
		TEST(json_of_what_could_not_be_read_is_null_with_why),
		TEST(json_counts_policies_where_filters_were_read),
		TEST(a_table_of_links),
		TEST(addresses_that_could_not_be_read_are_not_none),
		TEST(a_table_of_sockets),
		TEST(a_table_of_routes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
