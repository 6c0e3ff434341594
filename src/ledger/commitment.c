/* Commitments to what was asked: spoor-journal(5), COMMITMENTS. */
#include "ledger/journal.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

enum { KEY_BYTES = 32 };

static bool make_key(int keys, struct err *err)
{
	char key[KEY_BYTES];

	if (getrandom(key, sizeof(key), 0) != sizeof(key))
		return err_set(err, ERR_IO, "cannot make 'keys/journal': no random bytes: %s",
			strerror(errno));
	bool done = file_replace(keys, "journal", (struct str){key, sizeof(key)}, err);
	OPENSSL_cleanse(key, sizeof(key));
	return done;
}

bool journal_commitment(
	int case_dir, struct str value, struct sha256 *ret_commitment, struct err *err)
{
	struct buf key = {0};
	struct sha256 h;
	bool done = false;
	int keys;

	if (!dir_open(case_dir, "keys", true, &keys, err))
		return false;
	if (faccessat(keys, "journal", F_OK, 0) && errno == ENOENT && !make_key(keys, err))
		goto out;
	if (!file_read(keys, "journal", 4096, &key, err))
		goto out;
	if (key.n != KEY_BYTES) {
		err_set(err, ERR_CASE, "'keys/journal' has %zu bytes, not %d", key.n, KEY_BYTES);
		goto out;
	}
	if (!HMAC(EVP_sha256(), key.p, KEY_BYTES, (const unsigned char *)(value.n ? value.p : ""),
		    value.n, h.b, NULL))
		BUG("HMAC failed");
	*ret_commitment = h;
	done = true;
out:
	if (key.p)
		OPENSSL_cleanse(key.p, key.n);
	buf_release(&key);
	close(keys);
	return done;
}
