#ifndef RULE_STIXFORM_H
#define RULE_STIXFORM_H

#include "base/arena.h"

/*
 * How values of events are spelled as observed-data: addresses, names of hosts, mail addresses and
 * hashes in the one form that events are shown in, all else as the log has it.  Literals of
 * patterns that stand against them are brought into the same form.
 */
enum stix_host { HOST_NOTHING, HOST_IPV4, HOST_IPV6, HOST_DOMAIN, HOST_MAC };

/* What names a host or an address: its form, or HOST_NOTHING. */
enum stix_host stix_host_of(struct arena *a, struct str s, struct str *ret);
/* A mail address; what is none stays as it is, and false. */
bool stix_mail_of(struct arena *a, struct str s, struct str *ret);
struct str stix_lower_of(struct arena *a, struct str s);
struct str stix_message_id_of(struct str s); /* without the brackets */
/* Windows' short names of hives written out: STIX 2.1 section 6.17. */
struct str stix_key_of(struct arena *a, struct str s);
/* "/dir/name": what is behind the last slash or backslash, and in front of it ("" if nothing is). */
void stix_path_of(struct str path, struct str *ret_folder, struct str *ret_name);
/* What a request for this URL asks of the host, and the host with its port; "" if it is no URL. */
void stix_request_of(struct str url, struct str *ret_value, struct str *ret_host);

#endif
