#include "read/container.h"

#include "t/tap.h"

#define S(lit)                                                                                     \
	{                                                                                          \
		"" lit, sizeof(lit) - 1                                                            \
	}
#define NS "xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\""

static const struct {
	struct str head;
	enum container want;
} cases[] = {
	{{"ElfFile\0\0\0", 10}, CONTAINER_EVTX},
	{{"ElfFile", 7}, CONTAINER_NONE},
	{{"!BDN", 4}, CONTAINER_PST},
	{{"!BD", 3}, CONTAINER_NONE},
	{{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8}, CONTAINER_MSG},
	{{"\xd0\xcf\x11\xe0", 4}, CONTAINER_NONE},
	{{"\x78\x9f\x3e\x22", 4}, CONTAINER_TNEF},
	{{"PK\3\4", 4}, CONTAINER_ARCHIVE},
	{{"PK\5\6", 4}, CONTAINER_ARCHIVE},
	{{"PK is no magic", 14}, CONTAINER_NONE},
	{{"7z\xbc\xaf\x27\x1c", 6}, CONTAINER_ARCHIVE},
	{{"MSCF\0\0\0\0", 8}, CONTAINER_ARCHIVE},
	{{"MSCF is text", 12}, CONTAINER_NONE},
	{S("<Event " NS ">"), CONTAINER_EVENT_XML},
	{S("<?xml version='1.0'?>\r\n<!-- c -->\n<Events><Event " NS "/>"), CONTAINER_EVENT_XML},
	{S("<Events " NS ">"), CONTAINER_EVENT_XML},
	{S("<Events><Event>of somebody else"), CONTAINER_NONE},
	{S("<Eventful " NS ">"), CONTAINER_NONE},
	{S("<html " NS ">"), CONTAINER_NONE},
	{S("<?xml"), CONTAINER_NONE},
	{S("<!--"), CONTAINER_NONE},
	{{"{\"Event\":1}", 11}, CONTAINER_NONE},
	{{"", 0}, CONTAINER_NONE},
};

int main(void)
{
	char tar[512] = {0};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		printf("# case %zu\n", i);
		ok(container_of(cases[i].head) == cases[i].want);
	}
	memcpy(tar + 257, "ustar", 5);
	ok(container_of((struct str){tar, sizeof(tar)}) == CONTAINER_ARCHIVE);
	ok(container_of((struct str){tar, 260}) == CONTAINER_NONE);
	return tap_end();
}
