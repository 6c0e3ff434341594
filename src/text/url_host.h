#ifndef TEXT_URL_HOST_H
#define TEXT_URL_HOST_H

#include "text/url.h"

/* The host parser of the URL Standard §3.5.  Sets host, host_is_ip and ip of *u on URL_OK. */
enum url_verdict url_host_special(struct arena *a, struct str s, idna_fn *to_ascii, struct url *u);
enum url_verdict url_host_opaque(struct arena *a, struct str s, struct url *u);

#endif
