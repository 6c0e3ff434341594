#include "worker/watch.h"

#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"

/* A signal handler and a failing allocator have no other way to know. */
static struct box_progress *watched;
static int64_t allowed_ns;
static uint32_t seen_record;
static int64_t seen_at_ns;

static int64_t cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static void tick(int sig)
{
	int64_t now = cpu_ns();

	(void)sig;
	if (watched->record != seen_record) {
		seen_record = watched->record;
		seen_at_ns = now;
	} else if (now - seen_at_ns > allowed_ns) {
		_exit(CHILD_LOOPED);
	}
}

static void on_bug(const char *msg)
{
	if (strncmp(msg, "out of memory", 13) == 0) {
		watched->starved = 1;
		_exit(CHILD_STARVED);
	}
#if !defined(__SANITIZE_ADDRESS__)
	_exit(CHILD_BUG);
#endif
}

void watch_start(struct box_progress *progress, unsigned cpu_ms)
{
	struct sigaction sa = {.sa_handler = tick, .sa_flags = SA_RESTART};
	/* An eighth of what is allowed, so that little more than that is ever used. */
	unsigned every = cpu_ms / 8 ? cpu_ms / 8 : 1;
	struct timeval tv = {every / 1000, (suseconds_t)(every % 1000) * 1000};
	struct itimerval it = {tv, tv};

	watched = progress;
	allowed_ns = (int64_t)cpu_ms * 1000000;
	seen_record = progress->record;
	seen_at_ns = cpu_ns();
	sigemptyset(&sa.sa_mask);
	sigaction(SIGPROF, &sa, NULL);
	setitimer(ITIMER_PROF, &it, NULL);
	bug_tell(on_bug);
}
