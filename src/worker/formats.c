/* The job formats: what is loaded, as JSON lines. */
#include "read/formats.h"

#include "text/jsonw.h"
#include "worker/job.h"

static void one_format(struct jsonw *w, const struct format_info *f)
{
	jsonw_open(w, '{');
	jsonw_key(w, "format");
	jsonw_str(w, f->name);
	jsonw_key(w, "title");
	jsonw_str(w, f->title);
	jsonw_key(w, "version");
	jsonw_str(w, f->version);
	jsonw_key(w, "vendor");
	jsonw_str(w, f->vendor);
	jsonw_key(w, "notes");
	jsonw_str(w, f->notes);
	jsonw_key(w, "retention");
	jsonw_str(w, f->retention);
	jsonw_key(w, "file");
	jsonw_str(w, f->file);
	jsonw_key(w, "shapes");
	jsonw_open(w, '[');
	for (size_t i = 0; i < f->n_shapes; i++)
		jsonw_str(w, f->shapes[i]);
	jsonw_close(w, ']');
	jsonw_key(w, "fields");
	jsonw_open(w, '[');
	for (size_t i = 0; i < f->n_fields; i++)
		jsonw_text(w, field_name(f->fields[i]));
	jsonw_close(w, ']');
	jsonw_close(w, '}');
	jsonw_line(w);
}

bool job_formats(struct job *j)
{
	struct buf out = {0};
	struct jsonw w = jsonw_of(&out);

	for (size_t i = 0; i < formats_count(j->formats); i++)
		one_format(&w, formats_info(j->formats, i));
	return job_write(j, buf_view(&out));
}
