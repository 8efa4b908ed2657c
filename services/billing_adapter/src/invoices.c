#include "invoices.h"

#include <string.h>

enum { BUCKETS = 8192, NONE = 0 };

/* A ring in order of issue; buckets hold 1 + the ring index of the newest invoice whose order id hashes there. */
static struct {
  struct invoice invoices[INVOICES_MAX];
  uint16_t next_in_bucket[INVOICES_MAX];
  uint16_t buckets[BUCKETS];
  size_t first, count;
  uint64_t evicted;
} ledger;

bool id_set(struct id *id, struct text text) {
  if (text.length == 0 || text.length > ID_MAX) return false;
  for (size_t i = 0; i < text.length; i++) {
    char c = text.at[i];
    bool allowed = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    if (!allowed) return false;
    id->at[i] = c;
  }
  id->length = (uint8_t)text.length;
  return true;
}

struct text id_text(const struct id *id) { return (struct text){id->at, id->length}; }

static uint16_t *bucket_of(struct text order_id) {
  uint32_t hash = 2166136261u; /* FNV-1a */
  for (size_t i = 0; i < order_id.length; i++) hash = (hash ^ (unsigned char)order_id.at[i]) * 16777619u;
  return &ledger.buckets[(hash ^ (hash >> 16)) % BUCKETS];
}

const struct invoice *invoices_find(struct text order_id) {
  for (uint16_t i = *bucket_of(order_id); i != NONE; i = ledger.next_in_bucket[i - 1]) {
    const struct invoice *invoice = &ledger.invoices[i - 1];
    if (text_equals(id_text(&invoice->order.order_id), order_id)) return invoice;
  }
  return NULL;
}

static void evict_oldest(void) {
  uint16_t index = (uint16_t)(ledger.first + 1);
  uint16_t *link = bucket_of(id_text(&ledger.invoices[ledger.first].order.order_id));
  while (*link != index) link = &ledger.next_in_bucket[*link - 1];
  *link = ledger.next_in_bucket[ledger.first];
  ledger.first = (ledger.first + 1) % INVOICES_MAX;
  ledger.count--;
  ledger.evicted++;
}

static bool same(const struct order *a, const struct order *b) {
  return text_equals(id_text(&a->customer_id), id_text(&b->customer_id)) && a->total_cents == b->total_cents &&
         memcmp(a->currency, b->currency, sizeof a->currency) == 0;
}

enum recording invoices_record(const struct order *order, time_t now) {
  const struct invoice *existing = invoices_find(id_text(&order->order_id));
  if (existing != NULL) return same(&existing->order, order) ? RECORDED_BEFORE : CONFLICTS;
  if (ledger.count == INVOICES_MAX) evict_oldest();
  size_t slot = (ledger.first + ledger.count) % INVOICES_MAX;
  uint16_t *bucket = bucket_of(id_text(&order->order_id));
  ledger.invoices[slot] = (struct invoice){*order, now};
  ledger.next_in_bucket[slot] = *bucket;
  *bucket = (uint16_t)(slot + 1);
  ledger.count++;
  return RECORDED;
}

size_t invoices_count(void) { return ledger.count; }

uint64_t invoices_evicted(void) { return ledger.evicted; }

const struct invoice *invoices_newest(size_t n) {
  return &ledger.invoices[(ledger.first + ledger.count - 1 - n) % INVOICES_MAX];
}
