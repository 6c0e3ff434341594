/* The box from inside: nothing forbidden works, and a worker is as good as new after each try. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "t/tap.h"
#include "t/worker/worker.h"

static const struct parse_job lines = {
	.head = {.framing = FRAMING_LINES}, .zstd_level = 1, .want_batch = true};

static bool still_works(struct box *b)
{
	struct str out, batch, segment;

	return worker_parse(b, &lines, STR("{\"a\":1}\n{\"b\":2}\n"), &out) == BOX_OK &&
	       parse_out_unpack(out, &batch, &segment) && batch.n > 0 && segment.n > 0;
}

static void nothing_forbidden_works(struct box *b)
{
	struct str out;
	struct buf names = {0};
	unsigned tried = 0;

	ok(worker_job(b, BOX_TRY, STR("nothing"), STR(""), &out) == BOX_OK);
	eq_str(out, STR("permitted"));
	ok(worker_job(b, BOX_TRY, STR("list"), STR(""), &out) == BOX_OK);
	buf_str(&names, out);
	for (struct str rest = buf_view(&names), name; rest.n;) {
		name = str_cut(&rest, '\n');
		if (str_eq(name, STR("nothing")) ||
			(SANITISED && str_eq(name, STR("write-stderr"))))
			continue;
		uint32_t status = worker_job(b, BOX_TRY, name, STR(""), &out);
		bool failed = status == BOX_CRASHED ||
			      (status == BOX_OK && !str_eq(out, STR("permitted")));
		printf("# " STR_FMT ": %s\n", STR_ARG(name),
			status == BOX_OK ? "refused" : "killed");
		tap_ok(failed, "a forbidden thing fails", __FILE__, __LINE__);
		tried++;
	}
	ok(tried > 40);
	ok(still_works(b));
	buf_release(&names);
	ok(access("/tmp/spoor-was-here", F_OK) < 0 && errno == ENOENT);
}

static void requests_that_make_no_sense(struct box *b)
{
	struct str out;

	ok(worker_job(b, (enum box_job)0, STR("x"), STR(""), &out) == BOX_REFUSED);
	ok(worker_job(b, (enum box_job)99, STR("x"), STR(""), &out) == BOX_REFUSED);
	ok(worker_job(b, BOX_TRY, STR("no such thing"), STR(""), &out) == BOX_REFUSED);
	ok(worker_job(b, BOX_PARSE, STR("x\n"), STR("no description"), &out) == BOX_REFUSED);
	ok(worker_job(b, BOX_RENDER, STR("x\n"), STR(""), &out) == BOX_REFUSED);
	ok(worker_job(b, BOX_SCAN, STR("x\n"), STR(""), &out) == BOX_REFUSED);
	ok(worker_job(b, BOX_DECODE, STR("x"), STR(""), &out) == BOX_REFUSED);
	ok(still_works(b));
}

static unsigned open_fds(void)
{
	DIR *d = opendir("/proc/self/fd");
	unsigned n = 0;

	while (d && readdir(d))
		n++;
	closedir(d);
	return n;
}

static void nothing_leaks(const struct box_options *opt)
{
	struct err err = {0};
	struct box *b;
	unsigned before = open_fds();

	for (int i = 0; i < 3; i++) {
		ok(box_start(opt, &b, &err));
		box_stop(b);
	}
	struct box_options bad = *opt;
	bad.worker = "/nonexistent/spoor-worker";
	ok(!box_start(&bad, &b, &err) && err.code == ERR_BOX);
	bad.worker = "/bin/true";
	ok(!box_start(&bad, &b, &err) && err.code == ERR_BOX);
	bad.worker = "/bin/echo";
	ok(!box_start(&bad, &b, &err) && err.code == ERR_BOX);
	ok(open_fds() == before);
	ok(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
}

/* Whose parent is us: there is one worker at a time. */
static pid_t worker_pid(void)
{
	char path[64], line[256] = "";

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	FILE *f = fopen(path, "r");
	if (f && !fgets(line, sizeof(line), f))
		line[0] = '\0';
	if (f)
		fclose(f);
	return (pid_t)strtol(line, NULL, 10);
}

static void a_lost_worker_is_an_error(const struct box_options *opt)
{
	struct err err = {0};
	struct box_reply r;
	struct str out;
	struct box *b;

	if (!ok(box_start(opt, &b, &err)))
		return;
	pid_t pid = worker_pid();
	if (ok(pid > 1)) {
		kill(pid, SIGKILL);
		usleep(50000);
		bool lost = !box_send(b, BOX_FORMATS, 0, STR(""), &err) ||
			    !box_receive(b, &r, &out, &err);
		ok(lost && err.code == ERR_BOX);
		printf("# %s\n", err.msg);
		ok(!box_send(b, BOX_FORMATS, 0, STR(""), &err));
	}
	box_stop(b);
}

static void too_much_output_is_refused(const struct box_options *opt)
{
	struct err err = {0};
	struct str out;
	struct box_options small = *opt;
	struct box *b;

	small.output_room = 100;
	small.input_room = 4096;
	if (!ok(box_start(&small, &b, &err)))
		return;
	ok(worker_job(b, BOX_TRY, STR("list"), STR(""), &out) == BOX_REFUSED);
	ok(worker_job(b, BOX_TRY, STR("nothing"), STR(""), &out) == BOX_OK);
	struct buf big = {0};
	buf_addf(&big, "%4097d", 1);
	ok(!box_send(b, BOX_TRY, 0, buf_view(&big), &err) && err.code == ERR_LIMIT);
	buf_release(&big);
	box_stop(b);
}

static void missing_formats_are_said(const struct box_options *opt)
{
	static const char *const nowhere[] = {"/nonexistent/formats"};
	struct box_options o = *opt;
	struct err err = {0};
	struct box *b = NULL;

	o.formats = nowhere;
	o.n_formats = 1;
	if (!box_start(&o, &b, &err)) {
		ok(err.code == ERR_BOX);
		printf("# %s\n", err.msg);
	} else {
		ok(true); /* a folder that isn't there has no formats */
		box_stop(b);
	}
}

int main(void)
{
	char path[PATH_MAX];
	struct err err = {0};
	struct box *b;

	if (!worker_path("spoor-worker", path)) {
		printf("1..0 # SKIP no spoor-worker that runs here\n");
		return 0;
	}
	signal(SIGPIPE, SIG_IGN);
	const struct box_options opt = {.worker = path};
	nothing_leaks(&opt);
	if (!ok(box_start(&opt, &b, &err))) {
		printf("# %s\n", err.msg);
		return tap_end();
	}
	printf("# %s\n", box_strength(b).p);
	ok(str_starts(box_strength(b), STR("seccomp")));
	ok(still_works(b));
	nothing_forbidden_works(b);
	requests_that_make_no_sense(b);
	box_stop(b);
	a_lost_worker_is_an_error(&opt);
	too_much_output_is_refused(&opt);
	missing_formats_are_said(&opt);
	return tap_end();
}
