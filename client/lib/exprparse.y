/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The grammar of the expression language. Nodes are the arena's: nothing to free. */
%define api.pure full
%define api.prefix {expr_yy}
%define api.token.prefix {TOK_}
%define api.value.type {struct expr_node *}
%define api.location.type {struct expr_span}
%define parse.error custom
%define parse.lac full
%locations
%parse-param {struct expr_parse *parse} {void *scanner}
%lex-param {void *scanner}

%code requires {
#include "exprnode.h"
}

%code {
#include <errno.h>
#include <string.h>

/* The stack is not to grow: what does not fit is nested too deeply. */
#define YYINITDEPTH 2000
#define YYMAXDEPTH YYINITDEPTH

#define YYLLOC_DEFAULT(Current, Rhs, N) \
	((Current) = (struct expr_span){ \
		 (N) ? YYRHSLOC(Rhs, 1).at : YYRHSLOC(Rhs, 0).end, \
		 (N) ? YYRHSLOC(Rhs, N).end : YYRHSLOC(Rhs, 0).end })

int expr_yylex(EXPR_YYSTYPE *value, EXPR_YYLTYPE *span, void *scanner);

static void yyerror(EXPR_YYLTYPE *span, struct expr_parse *parse, void *scanner,
		    const char *message);
static struct expr_node *unary(struct expr_parse *parse, enum expr_op op,
			       struct expr_span span, struct expr_node *child);
static struct expr_node *name(struct expr_parse *parse, enum expr_op op,
			      struct expr_span span, struct expr_span name);
static struct expr_node *member(struct expr_parse *parse, struct expr_span span,
				struct expr_span of, struct expr_span name);
static struct expr_node *call(struct expr_parse *parse, struct expr_span span,
			      struct expr_span name, struct expr_node *args);
static struct expr_node *by(struct expr_parse *parse, struct expr_node *call,
			    struct expr_span span, struct expr_span by);
static struct expr_node *append(struct expr_node *list, struct expr_node *more);

#define MUST(node) do { if (!(node)) YYABORT; } while (0)
#define UNARY(to, op, from) MUST((to) = unary(parse, op, yyloc, from))
#define PAIR(to, op, a, b) MUST((to) = expr_pair(parse, op, yyloc, a, b))
}

%token OPEN "'('" CLOSE "')'" COMMA "','" DOT "'.'"
%token PLUS MINUS TIMES OVER EQ NE LT LE GT GE MATCH NO_MATCH
%token AND OR NOT IN HAS WHERE BY FOR ANCESTOR
%token NAME NUMBER STRING

%left OR
%left AND
%right NOT ANCESTOR
%nonassoc EQ NE LT LE GT GE MATCH NO_MATCH IN HAS
%left PLUS MINUS
%left TIMES OVER
%precedence SIGN

%%

whole:
  expr			{ parse->root = $1; }
| expr FOR NUMBER	{ parse->root = $1; parse->for_node = $3; }
;

expr:
  NUMBER
| STRING
| NAME			{ MUST($$ = name(parse, EXPR_NAME, @1, @1)); }
| NAME DOT NAME		{ MUST($$ = member(parse, @$, @1, @3)); }
| called
| called BY OPEN NAME CLOSE	{ MUST($$ = by(parse, $1, @$, @4)); }
| OPEN expr CLOSE	{ $$ = $2; }
| MINUS expr %prec SIGN	{ UNARY($$, EXPR_NEG, $2); }
| expr PLUS expr	{ PAIR($$, EXPR_ADD, $1, $3); }
| expr MINUS expr	{ PAIR($$, EXPR_SUB, $1, $3); }
| expr TIMES expr	{ PAIR($$, EXPR_MUL, $1, $3); }
| expr OVER expr	{ PAIR($$, EXPR_DIV, $1, $3); }
| expr EQ expr		{ PAIR($$, EXPR_EQ, $1, $3); }
| expr NE expr		{ PAIR($$, EXPR_NE, $1, $3); }
| expr LT expr		{ PAIR($$, EXPR_LT, $1, $3); }
| expr LE expr		{ PAIR($$, EXPR_LE, $1, $3); }
| expr GT expr		{ PAIR($$, EXPR_GT, $1, $3); }
| expr GE expr		{ PAIR($$, EXPR_GE, $1, $3); }
| expr MATCH expr	{ PAIR($$, EXPR_MATCH, $1, $3); }
| expr NO_MATCH expr	{ PAIR($$, EXPR_NO_MATCH, $1, $3); }
| expr HAS expr		{ PAIR($$, EXPR_HAS, $1, $3); }
| expr IN OPEN list CLOSE	{ PAIR($$, EXPR_IN, $1, $4); }
| expr NOT IN OPEN list CLOSE	{ PAIR($$, EXPR_NOT_IN, $1, $5); }
| NOT expr		{ UNARY($$, EXPR_NOT, $2); }
| ANCESTOR expr		{ UNARY($$, EXPR_ANCESTOR, $2); }
| expr AND expr		{ PAIR($$, EXPR_AND, $1, $3); }
| expr OR expr		{ PAIR($$, EXPR_OR, $1, $3); }
;

list:
  expr
| list COMMA expr	{ $$ = append($1, $3); }
;

called:
  NAME OPEN args CLOSE	{ MUST($$ = call(parse, @$, @1, $3)); }
;

args:
  %empty		{ $$ = NULL; }
| some
;

some:
  arg
| some COMMA arg	{ $$ = append($1, $3); }
;

arg:
  expr
| where
| expr where		{ $$ = append($1, $2); }
;

where:
  WHERE expr		{ UNARY($$, EXPR_WHERE, $2); }
;

%%

static struct expr_node *unary(struct expr_parse *parse, enum expr_op op,
			       struct expr_span span, struct expr_node *child)
{
	return expr_add(parse, expr_node(parse, op, span), child);
}

static struct expr_text text_of(struct expr_parse *parse, struct expr_span span)
{
	return (struct expr_text){ parse->whole->text + span.at, span.end - span.at };
}

static struct expr_node *name(struct expr_parse *parse, enum expr_op op,
			      struct expr_span span, struct expr_span name)
{
	struct expr_node *node = expr_node(parse, op, span);

	if (node)
		node->text = text_of(parse, name);
	return node;
}

static struct expr_node *member(struct expr_parse *parse, struct expr_span span,
				struct expr_span of, struct expr_span field)
{
	struct expr_text word = text_of(parse, of);

	if (word.len == 4 && !strncasecmp(word.s, "host", 4))
		return name(parse, EXPR_HOST_NAME, span, field);
	if (word.len == 6 && !strncasecmp(word.s, "parent", 6))
		return name(parse, EXPR_PARENT_NAME, span, field);
	return expr_fail(parse, of.at, of.end - of.at,
			 "only 'host' and 'parent' have columns: '%s' has none",
			 EXPR_QUOTE(word.s, word.len));
}

/* All arguments hang on the first one. */
static struct expr_node *call(struct expr_parse *parse, struct expr_span span,
			      struct expr_span word, struct expr_node *args)
{
	struct expr_node *node = name(parse, EXPR_CALL, span, word), *next;

	for (; args && node; args = next) {
		next = args->next;
		args->next = NULL;
		node = expr_add(parse, node, args);
	}
	return node;
}

static struct expr_node *by(struct expr_parse *parse, struct expr_node *node,
			    struct expr_span span, struct expr_span word)
{
	node->by_text = text_of(parse, word);
	node->len = span.end - span.at;
	return node;
}

/* A list hangs together by next; expr_pair() takes its first for all. */
static struct expr_node *append(struct expr_node *list, struct expr_node *more)
{
	struct expr_node *end = list;

	while (end->next)
		end = end->next;
	end->next = more;
	return list;
}

static void yyerror(EXPR_YYLTYPE *span, struct expr_parse *parse, void *scanner,
		    const char *message)
{
	/* only of its stack: syntax errors are told below */
	expr_fail(parse, span->at, span->end - span->at, "the expression is too deep");
}

/* Whether it can go on with a token. */
static bool expects(const yypcontext_t *context, yysymbol_kind_t token)
{
	yysymbol_kind_t tokens[YYNTOKENS];
	int n = yypcontext_expected_tokens(context, tokens, YYNTOKENS);

	while (n-- > 0)
		if (tokens[n] == token)
			return true;
	return false;
}

/* What could stand there instead. */
static const char *expected(const yypcontext_t *context)
{
	if (expects(context, YYSYMBOL_NUMBER) && !expects(context, YYSYMBOL_STRING))
		return "how long, as in 30s, is expected";
	if (expects(context, YYSYMBOL_STRING))
		return "a column or a value is expected";
	if (expects(context, YYSYMBOL_NAME))
		return "a name is expected";
	if (expects(context, YYSYMBOL_PLUS))
		return expects(context, YYSYMBOL_CLOSE) ?
			       "an operator, as && or >, or ')' is expected" :
			       "an operator, as && or >, is expected";
	if (expects(context, YYSYMBOL_OPEN))
		return "'(' is expected";
	if (expects(context, YYSYMBOL_CLOSE))
		return "')' is expected";
	return "nothing more is expected";
}

static bool is_comparison(yysymbol_kind_t token)
{
	return token >= YYSYMBOL_EQ && token <= YYSYMBOL_NO_MATCH;
}

static int yyreport_syntax_error(const yypcontext_t *context,
				 struct expr_parse *parse, void *scanner)
{
	const yysymbol_kind_t token = yypcontext_token(context);
	const struct expr_span span = *yypcontext_location(context);
	const struct expr_text word = text_of(parse, span);

	if (is_comparison(token) && expects(context, YYSYMBOL_AND))
		expr_fail(parse, span.at, word.len,
			  "comparisons do not chain: join two with &&");
	else if (token == YYSYMBOL_YYEOF)
		expr_fail(parse, parse->whole->len, 1,
			  parse->whole->len ? "the expression ends too soon: %s" :
					      "the expression is empty: %s",
			  expected(context));
	else
		expr_fail(parse, span.at, word.len, "unexpected '%s': %s",
			  EXPR_QUOTE(word.s, word.len), expected(context));
	return 0;
}
