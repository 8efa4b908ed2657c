/* The event of queue orders.created, as the orders adapter publishes it. */
#ifndef ORDER_EVENT_H
#define ORDER_EVENT_H

#include "http.h"
#include "invoices.h"

/* Reads the order out of a request's body. False when it is not one; the response then says what is wrong (400). */
bool order_event_read(const struct http_request *request, struct http_response *response, struct order *order);

#endif
