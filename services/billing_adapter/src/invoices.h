/* The ledger: invoices in this module's memory, at most INVOICES_MAX, the oldest leaving first. */
#ifndef INVOICES_H
#define INVOICES_H

#include <time.h>

#include "text.h"

enum { INVOICES_MAX = 5000, VAT_PERCENT = 21, ID_MAX = 40 };

/* A short identifier: 1 to ID_MAX of A-Z a-z 0-9 - _ */
struct id {
  char at[ID_MAX + 4];
  uint8_t length;
};

struct order {
  struct id order_id;
  struct id customer_id;
  char currency[3];
  uint64_t total_cents; /* VAT included */
};

struct invoice {
  struct order order;
  time_t issued_at;
};

enum recording { RECORDED, RECORDED_BEFORE, CONFLICTS };

/* Records an order once: the same order again changes nothing, a different one under the same id conflicts. */
enum recording invoices_record(const struct order *order, time_t now);

/* The invoice of the order with this id, or NULL. */
const struct invoice *invoices_find(struct text order_id);

/* How many there are, and how many have left to make room. */
size_t invoices_count(void);
uint64_t invoices_evicted(void);

/* The n-th newest, from 0 to invoices_count() - 1. */
const struct invoice *invoices_newest(size_t n);

bool id_set(struct id *id, struct text text);
struct text id_text(const struct id *id);

#endif
