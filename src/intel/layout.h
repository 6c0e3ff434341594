#ifndef INTEL_LAYOUT_H
#define INTEL_LAYOUT_H

#include "base/bytes.h"

/* Numbers of spoor-indicators(5) that its writer and its readers share. */
#define INDICATORS_MAGIC "spoorind"
#define INDICATORS_END "dniroops"
enum {
	INDICATORS_VERSION = 1,
	HEADER_BYTES = 16,
	TRAILER_BYTES = 88,
	TRAILER_COUNTS = 8, /* u32 */
	TRAILER_PLACES = 6, /* u64 */
	RANGE_BYTES = 56,
	DOUBLE_BYTES = 8,
};

#endif
