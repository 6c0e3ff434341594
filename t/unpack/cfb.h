#ifndef T_UNPACK_CFB_H
#define T_UNPACK_CFB_H

/*
 * Writes a small compound file ([MS-CFB] version 3): storages and streams as a flat list with
 * parents.  Streams below 4096 bytes go into the mini stream, as they must.
 */

#include <stdlib.h>

#include "base/buf.h"

struct cfb_node {
	const char *name;
	int parent; /* index, 0: the root, which is entry 0 and given by the caller as ROOT_ENTRY */
	bool storage;
	struct str data;
};

enum { CFB_SECTOR = 512, CFB_MINI = 64, CFB_CUTOFF = 4096 };
#define CFB_END 0xfffffffeu
#define CFB_FREE 0xffffffffu
#define CFB_FAT 0xfffffffdu

struct cfb {
	struct buf sectors, mini, fat, minifat;
};

/* Appends data as a chain of sectors and says where it begins. */
static inline uint32_t cfb_chain(struct buf *to, struct buf *fat, struct str data, size_t unit)
{
	uint32_t first = (uint32_t)(to->n / unit);
	size_t n = (data.n + unit - 1) / unit;

	if (!n)
		return CFB_END;
	buf_str(to, data);
	while (to->n % unit)
		buf_putc(to, 0);
	for (size_t i = 0; i < n; i++)
		buf_u32(fat, i + 1 < n ? first + (uint32_t)i + 1 : CFB_END);
	return first;
}

/* A directory entry (§2.6.1); siblings hang on each other's right. */
static inline void cfb_entry(struct buf *dir, const char *name, int type, uint32_t right,
	uint32_t child, uint32_t start, uint64_t size)
{
	size_t n = strlen(name), i = 0;

	for (; i < 32; i++)
		buf_u16(dir, i < n ? (unsigned char)name[i] : 0);
	buf_u16(dir, (uint16_t)(2 * n + 2));
	buf_putc(dir, (char)type);
	buf_putc(dir, 1); /* black */
	buf_u32(dir, CFB_FREE);
	buf_u32(dir, right);
	buf_u32(dir, child);
	for (i = 0; i < 36; i++)
		buf_putc(dir, 0); /* class, state, times */
	buf_u32(dir, start);
	buf_u64(dir, size);
}

static inline uint32_t cfb_next(const struct cfb_node *nodes, size_t n, size_t from, int parent)
{
	for (size_t i = from; i < n; i++)
		if (nodes[i].parent == parent)
			return (uint32_t)i;
	return CFB_FREE;
}

/* nodes[0] is the root. */
static inline void cfb_write(const struct cfb_node *nodes, size_t n, struct buf *out)
{
	struct cfb c = {0};
	struct buf dir = {0};
	uint32_t *start = calloc(n, sizeof(*start));

	if (!start)
		abort();
	for (size_t i = 1; i < n; i++) {
		if (nodes[i].storage)
			continue;
		bool mini = nodes[i].data.n < CFB_CUTOFF;
		start[i] = mini ? cfb_chain(&c.mini, &c.minifat, nodes[i].data, CFB_MINI)
				: cfb_chain(&c.sectors, &c.fat, nodes[i].data, CFB_SECTOR);
	}
	uint64_t mini_size = c.mini.n;
	start[0] = cfb_chain(&c.sectors, &c.fat, buf_view(&c.mini), CFB_SECTOR);
	uint32_t minifat_sectors = (uint32_t)((c.minifat.n + CFB_SECTOR - 1) / CFB_SECTOR);
	while (c.minifat.n % CFB_SECTOR)
		buf_u32(&c.minifat, CFB_FREE);
	uint32_t minifat = cfb_chain(&c.sectors, &c.fat, buf_view(&c.minifat), CFB_SECTOR);
	for (size_t i = 0; i < n; i++)
		cfb_entry(&dir, nodes[i].name,
			i == 0             ? 5
			: nodes[i].storage ? 1
					   : 2,
			i ? cfb_next(nodes, n, i + 1, nodes[i].parent) : CFB_FREE,
			i == 0 || nodes[i].storage ? cfb_next(nodes, n, 1, (int)i) : CFB_FREE,
			nodes[i].storage && i ? 0 : start[i], i ? nodes[i].data.n : mini_size);
	while (dir.n % CFB_SECTOR)
		cfb_entry(&dir, "", 0, CFB_FREE, CFB_FREE, 0, 0);
	uint32_t first_dir = cfb_chain(&c.sectors, &c.fat, buf_view(&dir), CFB_SECTOR);
	uint32_t first_fat = (uint32_t)(c.sectors.n / CFB_SECTOR), fats = 0;
	while ((c.fat.n / 4 + fats) > fats * (CFB_SECTOR / 4))
		fats++;
	for (uint32_t i = 0; i < fats; i++)
		buf_u32(&c.fat, CFB_FAT);
	while (c.fat.n % CFB_SECTOR)
		buf_u32(&c.fat, CFB_FREE);

	/* The header (§2.2). */
	buf_str(out, (struct str){"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8});
	for (int i = 0; i < 16; i++)
		buf_putc(out, 0);
	buf_u16(out, 0x3e);
	buf_u16(out, 3);
	buf_u16(out, 0xfffe);
	buf_u16(out, 9);
	buf_u16(out, 6);
	for (int i = 0; i < 10; i++)
		buf_putc(out, 0);
	buf_u32(out, fats);
	buf_u32(out, first_dir);
	buf_u32(out, 0);
	buf_u32(out, CFB_CUTOFF);
	buf_u32(out, minifat);
	buf_u32(out, minifat_sectors);
	buf_u32(out, CFB_END);
	buf_u32(out, 0);
	for (uint32_t i = 0; i < 109; i++)
		buf_u32(out, i < fats ? first_fat + i : CFB_FREE);
	buf_str(out, buf_view(&c.sectors));
	buf_str(out, buf_view(&c.fat));
	buf_release(&c.sectors);
	buf_release(&c.mini);
	buf_release(&c.fat);
	buf_release(&c.minifat);
	buf_release(&dir);
	free(start);
}

#endif
