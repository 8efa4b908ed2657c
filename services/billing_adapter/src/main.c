/* billing_adapter: turns orders from queue orders.created into invoices and shows them. */
#include <time.h>

#include "http.h"
#include "invoices.h"
#include "order_event.h"

enum { DEFAULT_PORT = 15040, DEFAULT_LIMIT = 20, MAX_LIMIT = 100 };

static void put_padded(struct builder *body, int value, int width) {
  for (int bound = 10; width > 1; width--, bound *= 10) {
    if (value < bound) put_text(body, TEXT("0"));
  }
  put_number(body, (uint64_t)value);
}

static void put_time(struct builder *body, time_t time) {
  struct tm utc;
  gmtime_r(&time, &utc);
  put_text(body, TEXT("\""));
  put_padded(body, utc.tm_year + 1900, 4);
  put_text(body, TEXT("-"));
  put_padded(body, utc.tm_mon + 1, 2);
  put_text(body, TEXT("-"));
  put_padded(body, utc.tm_mday, 2);
  put_text(body, TEXT("T"));
  put_padded(body, utc.tm_hour, 2);
  put_text(body, TEXT(":"));
  put_padded(body, utc.tm_min, 2);
  put_text(body, TEXT(":"));
  put_padded(body, utc.tm_sec, 2);
  put_text(body, TEXT("Z\""));
}

static void put_invoice_id(struct builder *body, const struct order *order) {
  put(body, "\"invoice_id\":\"INV-");
  put_text(body, id_text(&order->order_id));
  put(body, "\",\"order_id\":\"");
  put_text(body, id_text(&order->order_id));
  put(body, "\"");
}

static void put_invoice(struct builder *body, const struct invoice *invoice) {
  const struct order *order = &invoice->order;
  uint64_t net = (order->total_cents * 100 + (100 + VAT_PERCENT) / 2) / (100 + VAT_PERCENT);
  put(body, "{");
  put_invoice_id(body, order);
  put(body, ",\"customer_id\":\"");
  put_text(body, id_text(&order->customer_id));
  put(body, "\",\"currency\":\"");
  put_text(body, (struct text){order->currency, sizeof order->currency});
  put(body, "\",\"total_cents\":");
  put_number(body, order->total_cents);
  put(body, ",\"net_cents\":");
  put_number(body, net);
  put(body, ",\"vat_cents\":");
  put_number(body, order->total_cents - net);
  put(body, ",\"vat_percent\":");
  put_number(body, VAT_PERCENT);
  put(body, ",\"issued_at\":");
  put_time(body, invoice->issued_at);
  put(body, "}");
}

/* Lists the newest invoices, of one customer where customer is not NULL. */
static void list(const struct http_request *request, struct http_response *response, const struct text *customer) {
  uint64_t limit = DEFAULT_LIMIT;
  struct text value;
  if (http_query(request, "limit", &value) && (!text_to_number(value, MAX_LIMIT, &limit) || limit == 0)) {
    http_problem(response, 400, "limit: a whole number from 1 to 100 expected");
    return;
  }
  struct builder *body = &response->body;
  uint64_t matching = 0;
  put(body, "{\"invoices\":[");
  for (size_t i = 0; i < invoices_count(); i++) {
    const struct invoice *invoice = invoices_newest(i);
    if (customer != NULL && !text_equals(id_text(&invoice->order.customer_id), *customer)) continue;
    if (matching++ >= limit) continue;
    if (matching > 1) put(body, ",");
    put_invoice(body, invoice);
  }
  put(body, "],\"total\":");
  put_number(body, matching);
  if (customer == NULL) {
    put(body, ",\"evicted\":");
    put_number(body, invoices_evicted());
  }
  put(body, "}\n");
}

static void show(struct http_response *response, struct text invoice_id) {
  static const struct text prefix = {"INV-", 4};
  const struct invoice *invoice = NULL;
  if (invoice_id.length > prefix.length && text_equals((struct text){invoice_id.at, prefix.length}, prefix)) {
    invoice = invoices_find((struct text){invoice_id.at + prefix.length, invoice_id.length - prefix.length});
  }
  if (invoice == NULL) {
    http_problem(response, 404, "there is no invoice with this id");
    return;
  }
  put_invoice(&response->body, invoice);
  put(&response->body, "\n");
}

static void log_order(const char *level, const char *what, const struct order *order) {
  struct builder line = {0};
  put(&line, "order ");
  put_text(&line, id_text(&order->order_id));
  put(&line, " of customer ");
  put_text(&line, id_text(&order->customer_id));
  put(&line, what);
  put_text(&line, (struct text){"", 1});
  if (!line.failed) http_log(level, line.at);
  builder_free(&line);
}

static void record(const struct http_request *request, struct http_response *response) {
  struct order order;
  if (!order_event_read(request, response, &order)) {
    http_log("ERROR", "an event of queue orders.created was refused; the response says why");
    return;
  }
  enum recording recording = invoices_record(&order, time(NULL));
  if (recording == CONFLICTS) {
    log_order("ERROR", " differs from what was invoiced under this id", &order);
    http_problem(response, 409, "an order with this id but another customer, currency or total has been invoiced");
    return;
  }
  log_order("INFO", recording == RECORDED ? " invoiced" : " came again and was invoiced before", &order);
  response->status = 202;
  put(&response->body, "{\"status\":");
  put(&response->body, recording == RECORDED ? "\"recorded\"," : "\"recorded_before\",");
  put_invoice_id(&response->body, &order);
  put(&response->body, "}\n");
}

static void handle(const struct http_request *request, struct http_response *response) {
  struct text part[3];
  size_t parts = text_path_segments(request->path, part, 3);
  if (parts == 1 && text_equals(part[0], TEXT("health"))) {
    if (http_only(request, response, "GET")) http_ok(response);
  } else if (parts == 1 && text_equals(part[0], TEXT("invoices"))) {
    if (http_only(request, response, "GET")) list(request, response, NULL);
  } else if (parts == 2 && text_equals(part[0], TEXT("invoices"))) {
    if (http_only(request, response, "GET")) show(response, part[1]);
  } else if (parts == 3 && text_equals(part[0], TEXT("customers")) && text_equals(part[2], TEXT("invoices"))) {
    if (http_only(request, response, "GET")) list(request, response, &part[1]);
  } else if (parts == 2 && text_equals(part[0], TEXT("queues")) && text_equals(part[1], TEXT("order-created"))) {
    if (http_only(request, response, "POST")) record(request, response);
  } else {
    http_problem(response, 404, "billing_adapter serves /invoices, /invoices/{id}, /customers/{id}/invoices and POST /queues/order-created");
  }
}

int main(void) { http_serve("billing_adapter", DEFAULT_PORT, handle); }
