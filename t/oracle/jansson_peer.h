#ifndef T_ORACLE_JANSSON_PEER_H
#define T_ORACLE_JANSSON_PEER_H

/*
 * jansson's types and ours have the same names: its own are asked for here, ours are renamed.
 * Compiles alone where jansson isn't there, as every header does.
 */

#if __has_include(<jansson.h>)
#include <jansson.h>

enum peer_type {
	PEER_NULL,
	PEER_TRUE,
	PEER_FALSE,
	PEER_INT,
	PEER_REAL,
	PEER_STRING,
	PEER_OBJECT,
	PEER_ARRAY
};

static inline enum peer_type peer_type(const json_t *v)
{
	switch (json_typeof(v)) {
	case JSON_OBJECT:
		return PEER_OBJECT;
	case JSON_ARRAY:
		return PEER_ARRAY;
	case JSON_STRING:
		return PEER_STRING;
	case JSON_INTEGER:
		return PEER_INT;
	case JSON_REAL:
		return PEER_REAL;
	case JSON_TRUE:
		return PEER_TRUE;
	case JSON_FALSE:
		return PEER_FALSE;
	case JSON_NULL:
		break;
	}
	return PEER_NULL;
}

#endif

#define JSON_NULL TOKEN_NULL
#define JSON_TRUE TOKEN_TRUE
#define JSON_FALSE TOKEN_FALSE
#define JSON_STRING TOKEN_STRING
#define JSON_OBJECT TOKEN_OBJECT
#define JSON_ARRAY TOKEN_ARRAY

#endif
