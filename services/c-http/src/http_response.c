#include "http_response.h"

#include <time.h>

static struct {
  char value[30]; /* Sun, 06 Nov 1994 08:49:37 GMT */
  uint64_t valid_until;
} date;

static const char *reason_of(int status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 400: return "Bad Request";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    default: return "Status";
  }
}

static void two_digits(char *at, int value) {
  at[0] = (char)('0' + value / 10);
  at[1] = (char)('0' + value % 10);
}

static void copy(char *at, const char *from, size_t length) {
  for (size_t i = 0; i < length; i++) at[i] = from[i];
}

__attribute__((noinline)) static void format_date(time_t seconds) {
  struct tm utc;
  gmtime_r(&seconds, &utc);
  int year = utc.tm_year + 1900;
  copy(date.value, "ddd, 00 mmm 0000 00:00:00 GMT", sizeof date.value);
  copy(date.value, &"SunMonTueWedThuFriSat"[utc.tm_wday * 3], 3);
  two_digits(date.value + 5, utc.tm_mday);
  copy(date.value + 8, &"JanFebMarAprMayJunJulAugSepOctNovDec"[utc.tm_mon * 3], 3);
  two_digits(date.value + 12, year / 100);
  two_digits(date.value + 14, year % 100);
  two_digits(date.value + 17, utc.tm_hour);
  two_digits(date.value + 20, utc.tm_min);
  two_digits(date.value + 23, utc.tm_sec);
}

void http_date_refresh(uint64_t now) {
  if (now < date.valid_until) return;
  struct timespec wall;
  clock_gettime(CLOCK_REALTIME, &wall);
  format_date(wall.tv_sec);
  date.valid_until = now + 1000000000ull - (uint64_t)wall.tv_nsec;
}

void http_response_begin(struct http_response *response) {
  response->status = 200;
  response->content_type = "application/json";
  response->allow = NULL;
  builder_clear(&response->body);
}

void http_response_write(const struct http_response *response, bool keep_alive, bool head_only, struct builder *output) {
  put_text(output, TEXT("HTTP/1.1 "));
  put_number(output, (uint64_t)response->status);
  put_text(output, TEXT(" "));
  put(output, reason_of(response->status));
  put_text(output, TEXT("\r\nDate: "));
  put_text(output, (struct text){date.value, sizeof date.value - 1});
  if (response->status != 204) {
    put_text(output, TEXT("\r\nContent-Type: "));
    put(output, response->content_type);
    put_text(output, TEXT("\r\nContent-Length: "));
    put_number(output, response->body.length);
  }
  if (response->allow != NULL) {
    put_text(output, TEXT("\r\nAllow: "));
    put(output, response->allow);
  }
  if (!keep_alive) put_text(output, TEXT("\r\nConnection: close"));
  put_text(output, TEXT("\r\n\r\n"));
  if (!head_only && response->status != 204) {
    put_text(output, (struct text){response->body.at, response->body.length});
  }
}

void http_problem(struct http_response *response, int status, const char *detail) {
  response->status = status;
  response->content_type = "application/problem+json";
  builder_clear(&response->body);
  put(&response->body, "{\"title\":");
  put_json(&response->body, text_of(reason_of(status)));
  put(&response->body, ",\"status\":");
  put_number(&response->body, (uint64_t)status);
  put(&response->body, ",\"detail\":");
  put_json(&response->body, text_of(detail));
  put(&response->body, "}\n");
}

void http_ok(struct http_response *response) {
  response->content_type = "text/plain; charset=utf-8";
  put(&response->body, "ok");
}

bool http_only(const struct http_request *request, struct http_response *response, const char *method) {
  if (text_equals(request->method, text_of(method))) return true;
  bool reading = text_equals(text_of(method), TEXT("GET"));
  http_problem(response, 405, "this path does not serve that method");
  response->allow = reading ? "GET, HEAD" : method;
  return false;
}
