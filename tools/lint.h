/*
 * Put in front of a file when it is analysed, never when it is built: lets the analysers see that
 * err_set() returns false, without which they take a failure for a success that set nothing.
 */
#include "base/err.h"
#define err_set(...) ((void)err_set(__VA_ARGS__), false)
#define err_in(...) ((void)err_in(__VA_ARGS__), false)
