#include "unpack/pstbox.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/limits.h"
#include "unpack/pstitem.h"
#include "unpack/rfc822.h"

bool pst_box_open(struct pst_box *b, const struct unpack *as)
{
	uint8_t content = 0;

	b->handle = bfio_of(as);
	if (!b->handle || libpff_file_initialize(&b->file, NULL) != 1 ||
		libpff_file_open_file_io_handle(b->file, b->handle, LIBPFF_OPEN_READ, NULL) != 1) {
		pst_box_close(b);
		return false;
	}
	(void)libpff_file_get_content_type(b->file, &content, NULL);
	b->origin = content == LIBPFF_FILE_CONTENT_TYPE_OST ? "ost" : "pst";
	return true;
}

void pst_box_close(struct pst_box *b)
{
	if (b->file)
		libpff_file_free(&b->file, NULL);
	if (b->handle)
		libbfio_handle_free(&b->handle, NULL);
}

static uint32_t identifier_of(libpff_item_t *item)
{
	uint32_t id = 0;

	(void)libpff_item_get_identifier(item, &id, NULL);
	return id;
}

static void damaged(struct pst_box *b, uint32_t id)
{
	flaw_add(b->u->flaws, FLAW_DAMAGED, id);
}

static void take_mail(struct pst_box *b, libpff_item_t *message, uint32_t id, struct str folder,
	const char *found)
{
	struct mapi_item item = {.arena = &b->arena,
		.origin = b->origin,
		.id = id,
		.folder = folder,
		.found = found};
	struct arena_mark mark = arena_mark(&b->arena);
	size_t room = MAPI_ITEM_BYTES;

	pst_item_read(message, &item, 0, &room, b->u->flaws);
	if (found && !item.props.n) {
		/* Of remains that hold nothing there is nothing to show. */
		damaged(b, id);
	} else {
		rfc822_write_mbox(&item, &b->mail);
		if (!b->u->write(b->u->arg, buf_view(&b->mail)))
			b->stopped = true;
		buf_clear(&b->mail);
	}
	mapi_item_release(&item);
	arena_rewind(&b->arena, mark);
}

void pst_box_take(
	struct pst_box *b, libpff_item_t *item, uint32_t id, struct str folder, const char *found)
{
	uint8_t type = LIBPFF_ITEM_TYPE_UNDEFINED;

	b->u->step(b->u->arg);
	if (libpff_item_get_type(item, &type, NULL) != 1)
		damaged(b, id);
	else if (pst_type_is_mail(type))
		take_mail(b, item, id, folder, found);
	else if (pst_type_is_other(type))
		b->not_mail++;
}

static void take_item(struct pst_box *b, libpff_item_t *item, struct str folder, const char *found)
{
	uint32_t id = identifier_of(item);

	if (!id || seen_add(b->seen, id))
		pst_box_take(b, item, id, folder, found);
}

static void take_messages(struct pst_box *b, libpff_item_t *folder, struct str path)
{
	int n = 0;

	if (libpff_folder_get_number_of_sub_messages(folder, &n, NULL) != 1)
		damaged(b, identifier_of(folder));
	for (int i = 0; i < n && !b->stopped; i++) {
		libpff_item_t *message = NULL;
		if (libpff_folder_get_sub_message(folder, i, &message, NULL) == 1)
			take_item(b, message, path, NULL);
		else
			damaged(b, identifier_of(folder));
		if (message)
			libpff_item_free(&message, NULL);
	}
}

struct str pst_box_name(struct pst_box *b, libpff_item_t *folder)
{
	size_t n = 0;

	if (libpff_folder_get_utf8_name_size(folder, &n, NULL) != 1 || n <= 1 || n > 4096)
		return STR("");
	char *name = arena_alloc(&b->arena, n);
	if (libpff_folder_get_utf8_name(folder, (uint8_t *)name, n, NULL) != 1)
		return STR("");
	return (struct str){name, strnlen(name, n)};
}

/* above / the folder's own name, in the arena. */
static struct str path_of(struct pst_box *b, libpff_item_t *folder, struct str above)
{
	struct str name = pst_box_name(b, folder);

	if (!name.n)
		return above;
	return arena_printf(
		&b->arena, STR_FMT "%s" STR_FMT, STR_ARG(above), above.n ? "/" : "", STR_ARG(name));
}

static void take_folder(struct pst_box *b, libpff_item_t *folder, struct str above, unsigned depth)
{
	struct arena_mark mark = arena_mark(&b->arena);
	uint32_t id = identifier_of(folder);
	int n = 0;

	b->u->step(b->u->arg);
	if (id && !seen_add(b->seen, id))
		return;
	if (depth >= LIMIT_FOLDER_DEPTH) {
		flaw_add(b->u->flaws, FLAW_NESTED_TOO_DEEP, id);
		return;
	}
	struct str path = path_of(b, folder, above);
	take_messages(b, folder, path);
	if (!b->stopped && libpff_folder_get_number_of_sub_folders(folder, &n, NULL) != 1)
		damaged(b, identifier_of(folder));
	for (int i = 0; i < n && !b->stopped; i++) {
		libpff_item_t *sub = NULL;
		if (libpff_folder_get_sub_folder(folder, i, &sub, NULL) == 1)
			take_folder(b, sub, path, depth + 1);
		else
			damaged(b, identifier_of(folder));
		if (sub)
			libpff_item_free(&sub, NULL);
	}
	arena_rewind(&b->arena, mark);
}

/* What no folder leads to, and what was deleted and is still in the file. */
static void take_remains(struct pst_box *b)
{
	int n = 0;

	(void)libpff_file_get_number_of_orphan_items(b->file, &n, NULL);
	for (int i = 0; i < n && !b->stopped; i++) {
		libpff_item_t *item = NULL;
		if (libpff_file_get_orphan_item_by_index(b->file, i, &item, NULL) == 1)
			take_item(b, item, STR(""), "orphan");
		if (item)
			libpff_item_free(&item, NULL);
	}
	n = 0;
	b->u->step(b->u->arg);
	if (!b->stopped && libpff_file_recover_items(b->file, 0, NULL) == 1)
		(void)libpff_file_get_number_of_recovered_items(b->file, &n, NULL);
	for (int i = 0; i < n && !b->stopped; i++) {
		libpff_item_t *item = NULL;
		if (libpff_file_get_recovered_item_by_index(b->file, i, &item, NULL) == 1)
			take_item(b, item, STR(""), "recovered");
		if (item)
			libpff_item_free(&item, NULL);
	}
}

void pst_box_walk(struct pst_box *b)
{
	libpff_item_t *root = NULL;

	if (libpff_file_is_corrupted(b->file, NULL) == 1)
		damaged(b, 0);
	if (libpff_file_get_root_folder(b->file, &root, NULL) == 1)
		take_folder(b, root, STR(""), 0);
	else
		damaged(b, 0);
	if (root)
		libpff_item_free(&root, NULL);
	if (!b->stopped)
		take_remains(b);
}
