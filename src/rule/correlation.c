#include "rule/correlation.h"

const char *correlation_type_name(enum correlation_type t)
{
	static const char *const names[] = {"event_count", "value_count", "temporal",
		"temporal_ordered", "value_sum", "value_avg", "value_percentile", "value_median"};

	return t <= CORRELATE_VALUE_MEDIAN ? names[t] : "";
}

const char *correlation_op_name(enum correlation_op op)
{
	static const char *const names[] = {"gt", "gte", "lt", "lte", "eq", "neq"};

	return op <= CORRELATE_NEQ ? names[op] : "";
}

bool correlation_met(const struct correlation *c, double number)
{
	bool met = true;

	for (uint32_t i = 0; i < c->n_bounds; i++) {
		double b = c->bounds[i].number;
		switch (c->bounds[i].op) {
		case CORRELATE_GT:
			met = met && number > b;
			break;
		case CORRELATE_GTE:
			met = met && number >= b;
			break;
		case CORRELATE_LT:
			met = met && number < b;
			break;
		case CORRELATE_LTE:
			met = met && number <= b;
			break;
		case CORRELATE_EQ:
			met = met && number == b;
			break;
		case CORRELATE_NEQ:
			met = met && number != b;
			break;
		}
	}
	return met;
}
