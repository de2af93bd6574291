// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "columns.h"
#include "table.h"

static const char *unit_of(const struct kin_column *col)
{
	return *col->unit ? col->unit : "-";
}

static bool fill_row(struct kin_table *table, const struct kin_column *col)
{
	const char *cells[] = { col->id, col->heading, kin_type_name(col->type),
				unit_of(col), col->help };

	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++)
		if (!kin_table_word(table, cells[i]))
			return false;
	return true;
}

int columns_list(const struct kin_column_set *set)
{
	struct kin_table_column heads[] = { { .heading = "ID" },
					    { .heading = "HEADING" },
					    { .heading = "TYPE" },
					    { .heading = "UNIT" },
					    { .heading = "MEANING" } };
	struct kin_table table;
	bool enough = true;

	kin_table_init(&table, heads, sizeof(heads) / sizeof(heads[0]));
	table.limit = cmd_columns();
	table.wrap = true;
	for (size_t i = 0; i < set->n && enough; i++)
		enough = fill_row(&table, &set->columns[i]);
	if (enough)
		enough = !kin_table_print(&table, stdout);
	kin_table_free(&table);
	return enough ? CMD_OK : cmd_no_memory();
}

int columns_list_raw(const struct kin_column_set *set)
{
	for (size_t i = 0; i < set->n; i++)
		puts(set->columns[i].id);
	return CMD_OK;
}

static void json_words(struct kin_json *json, const char *key,
		       const char *words)
{
	size_t len;

	kin_json_array_line(json, key);
	for (; words && *words; words += len + (words[len] == ' ')) {
		len = strcspn(words, " ");
		kin_json_bytes(json, NULL, words, len);
	}
	kin_json_array_end(json);
}

int columns_list_json(const struct kin_column_set *set)
{
	struct kin_json json;

	kin_json_begin(&json, stdout);
	kin_json_object(&json, NULL);
	kin_json_array(&json, "columns");
	for (size_t i = 0; i < set->n; i++) {
		const struct kin_column *col = &set->columns[i];

		kin_json_object_line(&json, NULL);
		kin_json_str(&json, "id", col->id);
		kin_json_str(&json, "heading", col->heading);
		json_words(&json, "aliases", col->alias);
		kin_json_str(&json, "type", kin_type_name(col->type));
		if (*col->unit)
			kin_json_str(&json, "unit", col->unit);
		else
			kin_json_null(&json, "unit");
		kin_json_str(&json, "help", col->help);
		kin_json_object_end(&json);
	}
	kin_json_array_end(&json);
	kin_json_object_end(&json);
	kin_json_end(&json);
	return CMD_OK;
}

/* scdoc takes underscores and the like for its own. */
static void put_scdoc(const char *text)
{
	for (; *text; text++) {
		if (strchr("_*\\#<>[]", *text))
			putchar('\\');
		putchar(*text);
	}
}

static void put_aliases(const char *words)
{
	const char *before = " Also: ";
	char word[32];
	size_t len;

	for (; words && *words; words += len + (words[len] == ' ')) {
		len = strcspn(words, " ");
		snprintf(word, sizeof(word), "%.*s", (int)len, words);
		fputs(before, stdout);
		put_scdoc(word);
		before = ", ";
	}
	fputs(words ? "." : "", stdout);
}

int columns_list_scdoc(const struct kin_column_set *set)
{
	for (size_t i = 0; i < set->n; i++) {
		const struct kin_column *col = &set->columns[i];

		printf("*");
		put_scdoc(col->id);
		printf("* (heading *");
		put_scdoc(col->heading);
		printf("*, %s", kin_type_name(col->type));
		if (*col->unit)
			printf(", raw in %s", col->unit);
		printf(")\n\t");
		put_scdoc(col->help);
		put_aliases(col->alias);
		printf("\n\n");
	}
	return CMD_OK;
}
