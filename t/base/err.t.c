#include "base/err.h"

#include <stdio.h>

#include "t/base/died.h"
#include "t/tap.h"

static void a_bug(void)
{
	BUG("%d is no %s", 1, "colour");
}

static void told(const char *msg)
{
	_exit(strstr(msg, "colour") ? 7 : 8);
}

static bool tells(void)
{
	int status;
	fflush(stdout); /* else a child that dies loudly says it again */
	pid_t pid = fork();

	if (pid == 0) {
		bug_tell(told);
		a_bug();
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
	       WEXITSTATUS(status) == 7;
}

int main(void)
{
	struct err err = {0};
	char longest[1000];

	ok(!err_set(&err, ERR_IO, "cannot open '%s': %s", "a", "no such file"));
	ok(err.code == ERR_IO);
	eq_str(str_of(err.msg), STR("cannot open 'a': no such file"));
	ok(!err_in(&err, "case %d", 5));
	eq_str(str_of(err.msg), STR("case 5: cannot open 'a': no such file"));
	ok(err.code == ERR_IO);
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	err_set(&err, ERR_CONFIG, "%s", longest);
	ok(strlen(err.msg) == sizeof(err.msg) - 1);
	err_in(&err, "%s", longest);
	ok(strlen(err.msg) < sizeof(err.msg) && strstr(err.msg, "xx: xx"));
	ok(died_of_bug(a_bug));
	ok(tells());
	return tap_end();
}
