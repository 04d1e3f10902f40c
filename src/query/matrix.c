/* SPDX-License-Identifier: MIT */
/*
 * The matrix of `nsview ps`. Groups the sets of the graph by their eight types, once, so that the
 * work grows with the number of sets and rows and not with their product. Knows namespaces by
 * identity only; how a letter or a name is shown is the columns' business.
 */
#include <stdlib.h>
#include <string.h>

#include <nsview/error.h>
#include <nsview/matrix.h>

enum { NO_ROW = UINT32_MAX, LETTERS = 26 };

/* Sets that agree in the eight types, whatever their *_for_children links. */
struct groups {
	uint32_t *of_set;    /* by set index: its group */
	uint32_t *nprocs;    /* by group */
	uint32_t *first_row; /* by group: NO_ROW while it has none */
	uint32_t n;
};

/* Which of a container's namespaces, if they are the host's, are worth a mark. */
static const bool notable_types[NS_TYPES] = {
	[NS_PID] = true, [NS_NET] = true, [NS_MNT] = true, [NS_IPC] = true, [NS_UTS] = true,
};

static void *allocate(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size);

	if (!p)
		die("out of memory");
	return p;
}

static int compare_types(const struct nsset *a, const struct nsset *b)
{
	return memcmp(a->ns, b->ns, NS_TYPES * sizeof(a->ns[0]));
}

static int compare_sets(const void *a, const void *b)
{
	return compare_types(*(struct nsset *const *)a, *(struct nsset *const *)b);
}

static void groups_init(struct groups *groups, const struct graph *g)
{
	struct nsset **sorted = allocate(g->nsets, sizeof(struct nsset *));

	*groups = (struct groups){
		.of_set = allocate(g->nsets, sizeof(uint32_t)),
		.nprocs = allocate(g->nsets, sizeof(uint32_t)),
		.first_row = allocate(g->nsets, sizeof(uint32_t)),
	};
	for (size_t i = 0; i < g->nsets; i++)
		sorted[i] = g->sets[i];
	qsort(sorted, g->nsets, sizeof(struct nsset *), compare_sets);
	for (size_t i = 0; i < g->nsets; i++) {
		if (!i || compare_types(sorted[i - 1], sorted[i]) != 0)
			groups->first_row[groups->n++] = NO_ROW;
		groups->of_set[sorted[i]->index] = groups->n - 1;
		groups->nprocs[groups->n - 1] += sorted[i]->nprocs;
	}
	free(sorted);
}

static void groups_release(struct groups *groups)
{
	free(groups->of_set);
	free(groups->nprocs);
	free(groups->first_row);
}

/*
 * The host's namespaces if they are known for every type that is to be seen. Else they would leave
 * columns without a "=" although rows share a namespace: then our own are the measure.
 */
static void choose_reference(struct matrix *m, const struct graph *g)
{
	bool present[NS_TYPES] = { false };

	for (size_t i = 0; i < g->nnamespaces; i++)
		present[g->namespaces[i]->type] = true;
	m->reference_is_host = g->nnamespaces > 0;
	for (int t = 0; t < NS_TYPES; t++)
		if (present[t] && !g->host[t])
			m->reference_is_host = false;
	for (int t = 0; t < NS_TYPES; t++)
		m->reference[t] = m->reference_is_host ? g->host[t] : g->self[t];
}

static bool is_container(const struct process *p)
{
	return p->facts && fact_is_known(p->facts->identity_fact) && p->facts->identity->container;
}

static void add_row(struct matrix *m, const struct groups *groups, const struct process *p)
{
	uint32_t group = groups->of_set[p->set->index];
	struct matrix_row *row;

	if (m->by_set && groups->first_row[group] != NO_ROW) {
		row = &m->rows[groups->first_row[group]];
		if (p->pid > row->process->pid)
			return;
	} else {
		row = &m->rows[m->n++];
	}
	row->set = p->set;
	row->process = p;
	row->nprocs = groups->nprocs[group];
	if (groups->first_row[group] == NO_ROW)
		groups->first_row[group] = (uint32_t)(row - m->rows);
}

static void host_first(struct matrix *m, const struct groups *groups)
{
	size_t i = 0;

	while (i < m->n && !m->rows[i].host)
		i++;
	if (i < m->n) {
		struct matrix_row host = m->rows[i];

		memmove(&m->rows[1], &m->rows[0], i * sizeof(host));
		m->rows[0] = host;
	}
	for (i = 0; i < m->n; i++)
		groups->first_row[groups->of_set[m->rows[i].set->index]] = (uint32_t)i;
}

static void add_rows(struct matrix *m, const struct groups *groups, struct process *const *list,
		     size_t n)
{
	/* Room for the worst case; pages that stay untouched cost nothing. */
	m->rows = allocate(n, sizeof(*m->rows));
	for (size_t i = 0; i < n; i++)
		add_row(m, groups, list[i]);
	for (size_t i = 0; i < m->n; i++)
		m->rows[i].host =
			nsset_is(m->rows[i].set, m->reference) && !is_container(m->rows[i].process);
	if (m->by_set)
		host_first(m, groups);
}

/* Letters are given in the order of the rows; one more than the letter is kept, 0 is none yet. */
struct alphabet {
	uint32_t *of_ns; /* by position in graph.namespaces */
	unsigned next[NS_TYPES];
};

static size_t ns_position(const struct graph *g, const struct ns *ns)
{
	size_t low = 0, high = g->nnamespaces;

	while (low + 1 < high) {
		size_t mid = low + (high - low) / 2;
		const struct ns *at = g->namespaces[mid];

		if (at->type < ns->type || (at->type == ns->type && at->ino <= ns->ino))
			low = mid;
		else
			high = mid;
	}
	return low;
}

static unsigned letter_of(struct alphabet *a, const struct graph *g, const struct ns *ns)
{
	uint32_t *letter = &a->of_ns[ns_position(g, ns)];

	if (!*letter)
		*letter = ++a->next[ns->type];
	return *letter - 1;
}

static void fill_cells(struct matrix *m, struct matrix_row *row, struct alphabet *a,
		       const struct graph *g)
{
	for (int t = 0; t < NS_TYPES; t++) {
		const struct ns *ns = row->set->ns[t];

		if (ns)
			row->cell[t] = (struct matrix_cell){
				.ns = ns,
				.letter = letter_of(a, g, ns),
				.host = ns == m->reference[t],
			};
	}
}

static void mark_notable(const struct matrix *m, struct matrix_row *row)
{
	bool container = m->reference_is_host && is_container(row->process);

	for (int t = 0; t < NS_TYPES; t++)
		row->cell[t].notable = container && notable_types[t] && row->cell[t].host;
}

static void fill_rows(struct matrix *m, const struct groups *groups, const struct graph *g)
{
	struct alphabet a = { .of_ns = allocate(g->nnamespaces, sizeof(uint32_t)) };

	for (int t = 0; t < NS_TYPES; t++)
		if (m->reference[t])
			letter_of(&a, g, m->reference[t]);
	for (size_t i = 0; i < m->n; i++) {
		struct matrix_row *row = &m->rows[i];
		size_t like = groups->first_row[groups->of_set[row->set->index]];

		if (like < i)
			memcpy(row->cell, m->rows[like].cell, sizeof(row->cell));
		else
			fill_cells(m, row, &a, g);
		mark_notable(m, row);
	}
	free(a.of_ns);
}

static int compare_rows(const void *a, const void *b, void *ctx)
{
	const struct matrix_row *rows = ctx;
	pid_t x = rows[*(const uint32_t *)a].process->pid;
	pid_t y = rows[*(const uint32_t *)b].process->pid;

	return (x > y) - (x < y);
}

/* With by_set: by set index, its row. Else the rows by rising pid. */
static void make_find(struct matrix *m, const struct groups *groups, const struct graph *g)
{
	size_t n = m->by_set ? g->nsets : m->n;

	m->find = allocate(n, sizeof(uint32_t));
	for (size_t i = 0; i < n; i++)
		m->find[i] = m->by_set ? groups->first_row[groups->of_set[i]] : (uint32_t)i;
	if (!m->by_set)
		qsort_r(m->find, n, sizeof(uint32_t), compare_rows, m->rows);
}

void matrix_build(struct matrix *m, const struct graph *g, struct process *const *list, size_t n,
		  bool by_set)
{
	struct groups groups;

	*m = (struct matrix){ .by_set = by_set };
	choose_reference(m, g);
	groups_init(&groups, g);
	add_rows(m, &groups, list, n);
	fill_rows(m, &groups, g);
	make_find(m, &groups, g);
	groups_release(&groups);
}

void matrix_release(struct matrix *m)
{
	free(m->rows);
	free(m->find);
	*m = (struct matrix){ 0 };
}

static const struct matrix_row *find_pid(const struct matrix *m, pid_t pid)
{
	size_t low = 0, high = m->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct matrix_row *row = &m->rows[m->find[mid]];

		if (row->process->pid == pid)
			return row;
		if (row->process->pid < pid)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

const struct matrix_row *matrix_find(const struct matrix *m, const struct process *p)
{
	if (!m->by_set)
		return find_pid(m, p->pid);
	if (m->find[p->set->index] == NO_ROW)
		return NULL;
	return &m->rows[m->find[p->set->index]];
}

void matrix_letter(unsigned letter, char *out)
{
	char digits[8];
	size_t n = 0;

	/* No digit is zero: after Z comes AA, as in spreadsheets. */
	for (uint64_t rest = (uint64_t)letter + 1; rest; rest = (rest - 1) / LETTERS)
		digits[n++] = (char)('A' + (rest - 1) % LETTERS);
	while (n)
		*out++ = digits[--n];
	*out = '\0';
}
