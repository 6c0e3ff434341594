#include "worker/mailyara.h"

#include <stdlib.h>

#include "box/jobs.h"
#include "rule/eval.h"
#include "rule/yara.h"
#include "text/jsonw.h"
#include "worker/rulefile.h"

/* Of one mail: who is matched by more rules is suspicious enough. */
enum { MATCHES_MAX = 64 };

struct mail_yara {
	struct ruleset rs;
	struct eval *eval;
	struct rule_view view;
	struct buf out, why;
};

struct mail_yara *mail_yara_new(struct job *j, struct str files)
{
	struct mail_yara *y = calloc(1, sizeof(*y));
	struct scan sc = scan_of(files);
	struct rule_file f;

	if (!y)
		BUG("out of memory");
	ruleset_init(&y->rs);
	while (scan_left(&sc) && rule_file_next(&sc, &f))
		if (f.kind == RULE_FILE_YARA)
			rule_file_read(&y->rs, &f);
	if (!y->rs.rules.n) {
		ruleset_release(&y->rs);
		free(y);
		return NULL;
	}
	rule_files_end(&y->rs, j, NULL, 0);
	y->eval = y->view.eval = eval_new(&y->rs);
	y->view.of = eval_begin(y->eval, STR(""));
	return y;
}

void mail_yara_listen(struct mail_yara *y, struct reader *r)
{
	rule_view_listen(&y->view, r);
}

void mail_yara_begin(struct mail_yara *y, struct str raw)
{
	y->view.of = eval_begin(y->eval, raw);
}

static void add_match(struct mail_yara *y, struct jsonw *w, uint32_t rule)
{
	const struct rule *r = &y->rs.rules.at[rule];
	char hex[2 * sizeof(r->key)];

	buf_clear(&y->why);
	eval_explain(y->eval, rule, &y->why);
	hex_write(r->key, sizeof(r->key), hex);
	jsonw_open(w, '{');
	jsonw_member_str(w, "rule", (struct str){hex, sizeof(hex)});
	jsonw_member_str(w, "name", r->title);
	jsonw_member_str(w, "why", str_upto(buf_view(&y->why), DETECT_WHY_MAX));
	jsonw_close(w, '}');
}

void mail_yara_add(struct mail_yara *y, struct buf *line)
{
	struct jsonw w = jsonw_of(&y->out);
	uint32_t n = 0;

	buf_clear(&y->out);
	jsonw_open(&w, '[');
	for (uint32_t i = 0; i < y->rs.rules.n && n < MATCHES_MAX; i++) {
		if (!eval_rule(y->eval, i))
			continue;
		add_match(y, &w, i);
		n++;
	}
	jsonw_close(&w, ']');
	if (!n || !line->n || line->p[line->n - 1] != '}')
		return;
	line->n--;
	buf_str(line, STR(",\"yara\":"));
	buf_str(line, buf_view(&y->out));
	buf_putc(line, '}');
}

/* A member's value, as a token, or 0. */
static uint32_t member(
	struct str text, const struct json_tape *tape, uint32_t object, struct str name)
{
	for (uint32_t k = object + 1; k < tape->at[object].next; k = tape->at[k].next)
		if (str_eq(json_span(text, &tape->at[k]), name))
			return k + 1;
	return 0;
}

static bool read_key(struct str hex, uint8_t ret[16])
{
	if (hex.n != 32)
		return false;
	for (unsigned i = 0; i < 16; i++) {
		int high = hex_digit(hex.p[2 * i]), low = hex_digit(hex.p[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		ret[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

static void told_one(
	struct rule_view *v, struct str text, const struct json_tape *tape, uint32_t object)
{
	uint32_t rule = member(text, tape, object, STR("rule"));
	uint32_t why = member(text, tape, object, STR("why"));
	uint8_t key[16];

	if (!rule || !why || tape->at[why].type != JSON_STRING ||
		!read_key(json_span(text, &tape->at[rule]), key))
		return;
	struct str s = json_span(text, &tape->at[why]);
	if (tape->at[why].flags & JSON_ESCAPED)
		s = json_unescape(s, arena_alloc(&v->arena, s.n + 1));
	eval_told(v->eval, key, s);
}

void rule_view_told(struct rule_view *v, struct str text, const struct json_tape *tape)
{
	arena_rewind(&v->arena, (struct arena_mark){0});
	if (!tape->n || tape->at[0].type != JSON_OBJECT)
		return;
	uint32_t list = member(text, tape, 0, STR("yara"));
	if (!list || tape->at[list].type != JSON_ARRAY)
		return;
	for (uint32_t i = list + 1; i < tape->at[list].next; i = tape->at[i].next)
		if (tape->at[i].type == JSON_OBJECT)
			told_one(v, text, tape, i);
}
