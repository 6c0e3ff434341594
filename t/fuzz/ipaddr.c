#include <stdlib.h>

#include "t/fuzz/fuzz.h"
#include "text/ipaddr.h"

/* What is read as an address prints to its one canonical spelling, which reads back as it. */
static void address_law(struct str s)
{
	struct ipaddr ip, again;
	int port = -1;
	bool mapped;
	char room[IPADDR_TEXT];
	uint8_t ordered[16];

	if (!ipaddr_parse(s, &ip, &port, &mapped))
		return;
	struct str text = ipaddr_text(&ip, room);
	if (port < -1 || port > 65535 || (mapped && ip.v6))
		abort();
	if (!ipaddr_canonical(text, &again) || again.v6 != ip.v6 ||
		memcmp(again.b, ip.b, ip.v6 ? 16 : 4) != 0)
		abort();
	ipaddr_ordered(&ip, ordered);
	ipaddr_derived_v4(&ip, &again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str s = {(const char *)data, size};
	struct ipaddr ip;
	uint8_t from[16], to[16];
	int port;
	bool mapped;

	address_law(s);
	if (ipaddr_canonical(s, &ip) && !ipaddr_parse(s, &ip, &port, &mapped))
		abort();
	if (ipaddr_network(s, from, to) && memcmp(from, to, 16) > 0)
		abort();
	return 0;
}
