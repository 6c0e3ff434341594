#include "model/observable.h"

#include "base/hash.h"
#include "text/ipaddr.h"

static bool pack_guid(struct str s, char *room)
{
	size_t n = 0;

	if (s.n != 36)
		return false;
	for (size_t i = 0; i < 36; i++) {
		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (s.p[i] != '-')
				return false;
			continue;
		}
		int hi = hex_digit(s.p[i]), lo = i + 1 < 36 ? hex_digit(s.p[i + 1]) : -1;
		if (hi < 0 || lo < 0 || (s.p[i] >= 'A' && s.p[i] <= 'F') ||
			(s.p[i + 1] >= 'A' && s.p[i + 1] <= 'F'))
			return false;
		room[n++] = (char)(hi << 4 | lo);
		i++;
	}
	return true;
}

static bool pack_hex(struct str s, char *room)
{
	if (s.n < 32 || s.n % 2)
		return false;
	for (size_t i = 0; i < s.n; i += 2) {
		int hi = hex_digit(s.p[i]), lo = hex_digit(s.p[i + 1]);
		if (hi < 0 || lo < 0 || (s.p[i] >= 'A' && s.p[i] <= 'F') ||
			(s.p[i + 1] >= 'A' && s.p[i + 1] <= 'F'))
			return false;
		room[i / 2] = (char)(hi << 4 | lo);
	}
	return true;
}

struct observable observable_pack(enum kind kind, struct str text, char *room)
{
	struct ipaddr ip;

	if (kind == KIND_IP && ipaddr_canonical(text, &ip)) {
		size_t n = ipaddr_bytes(&ip, (uint8_t *)room);
		return (struct observable){(uint8_t)kind, FORM_IP, {room, n}};
	}
	if (pack_guid(text, room))
		return (struct observable){(uint8_t)kind, FORM_GUID, {room, 16}};
	if (pack_hex(text, room))
		return (struct observable){(uint8_t)kind, FORM_HEX, {room, text.n / 2}};
	return (struct observable){(uint8_t)kind, FORM_TEXT, text};
}

void observable_text(struct observable o, struct buf *out)
{
	char hex[32];

	switch ((enum form)o.form) {
	case FORM_GUID:
		if (o.v.n != 16)
			break;
		hex_write(o.v.p, 16, hex);
		buf_addf(out, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16,
			hex + 20);
		return;
	case FORM_HEX:
		buf_reserve(out, o.v.n * 2);
		hex_write(o.v.p, o.v.n, out->p + out->n);
		out->n += o.v.n * 2;
		return;
	case FORM_IP:
		if (o.v.n == 4 || o.v.n == 16) {
			struct ipaddr ip = ipaddr_of_bytes((const uint8_t *)o.v.p, o.v.n);
			ipaddr_print(&ip, out);
			return;
		}
		break;
	case FORM_NET:
		if (o.v.n == 8) {
			uint8_t full[16] = {0};
			memcpy(full, o.v.p, 8);
			struct ipaddr ip = ipaddr_of_bytes(full, 16);
			ipaddr_print(&ip, out);
			buf_str(out, STR("/64"));
			return;
		}
		break;
	case FORM_TEXT:
		break;
	}
	buf_str(out, o.v);
}

bool observable_eq(struct observable a, struct observable b)
{
	return a.kind == b.kind && a.form == b.form && str_eq(a.v, b.v);
}

int observable_cmp(struct observable a, struct observable b)
{
	if (a.kind != b.kind)
		return a.kind < b.kind ? -1 : 1;
	if (a.form != b.form)
		return a.form < b.form ? -1 : 1;
	return str_cmp(a.v, b.v);
}

uint64_t observable_key(struct observable o)
{
	return hash64(o.v.p, o.v.n, (uint64_t)o.kind << 8 | o.form);
}

bool observable_fits(uint8_t kind, uint8_t form, size_t n)
{
	switch (form) {
	case FORM_TEXT:
		return n > 0;
	case FORM_GUID:
		return n == 16;
	case FORM_HEX:
		return n >= 16;
	case FORM_IP:
		return kind == KIND_IP && (n == 4 || n == 16);
	default:
		return false;
	}
}
