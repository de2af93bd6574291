// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "status.h"

static void json_u32(struct kin_json *json, const char *key, uint32_t n)
{
	kin_json_known(json, key, n == KIN_NONE32 ? KIN_NONE64 : n);
}

static void json_times(struct kin_json *json, const struct kin_cputimes *times)
{
	char key[24];
	uint64_t ns[STATUS_TIMES];

	memcpy(ns, times, sizeof(*times));
	for (size_t i = 0; i < STATUS_TIMES; i++) {
		snprintf(key, sizeof(key), "%s_ns", status_time_names[i]);
		kin_json_known(json, key, ns[i]);
	}
}

static void json_features(struct kin_json *json, uint32_t features)
{
	if (features == KIN_NONE32) {
		kin_json_null(json, "features");
		return;
	}
	kin_json_object_line(json, "features");
	for (size_t i = 0; status_features[i].name; i++)
		kin_json_bool(json, status_features[i].name,
			      features & status_features[i].bit);
	kin_json_object_end(json);
}

static void json_module(struct kin_json *json, const struct status *st)
{
	const struct kin_status *m = &st->module;

	kin_json_object(json, "module");
	kin_json_str(json, "version", st->version);
	json_u32(json, "abi_version", m->abi_version);
	json_u32(json, "hidepid", m->hidepid);
	json_u32(json, "max_values", m->max_values);
	json_u32(json, "cmdline_max_bytes", m->cmdline_max_bytes);
	kin_json_known(json, "dumps_started", m->dumps_started);
	kin_json_known(json, "dumps_done", m->dumps_done);
	kin_json_known(json, "gets", m->gets);
	kin_json_known(json, "tasks_sent", m->tasks_sent);
	kin_json_known(json, "tasks_hidden", m->tasks_hidden);
	kin_json_known(json, "requests_denied", m->requests_denied);
	kin_json_known(json, "requests_rejected", m->requests_rejected);
	kin_json_known(json, "cmdlines_busy", m->cmdlines_busy);
	kin_json_known(json, "events_sent", m->events_sent);
	kin_json_known(json, "events_lost", m->events_lost);
	json_u32(json, "subscribers", m->subscribers);
	json_u32(json, "max_subscribers", m->max_subscribers);
	json_u32(json, "probes", m->probes);
	json_u32(json, "batch_ms", m->batch_ms);
	json_u32(json, "ring_kib", m->ring_kib);
	json_features(json, m->features);
	kin_json_known(json, "fds_sent", m->fds_sent);
	kin_json_known(json, "fds_lock_max_ns", m->fds_lock_max_ns);
	kin_json_object_end(json);
}

static void json_load(struct kin_json *json, const char *key, uint64_t milli)
{
	if (milli == KIN_NONE64)
		kin_json_null(json, key);
	else
		kin_json_milli(json, key, milli);
}

static void json_host(struct kin_json *json, const struct kin_host *h)
{
	char letter[2] = "";

	kin_json_object(json, "host");
	kin_json_known(json, "boottime_ns", h->boottime_ns);
	json_load(json, "load1", h->load1_milli);
	json_load(json, "load5", h->load5_milli);
	json_load(json, "load15", h->load15_milli);
	kin_json_known(json, "mem_total_bytes", h->mem_total_bytes);
	kin_json_known(json, "mem_free_bytes", h->mem_free_bytes);
	kin_json_known(json, "mem_available_bytes", h->mem_available_bytes);
	kin_json_known(json, "mem_buffers_bytes", h->mem_buffers_bytes);
	kin_json_known(json, "mem_shared_bytes", h->mem_shared_bytes);
	kin_json_known(json, "swap_total_bytes", h->swap_total_bytes);
	kin_json_known(json, "swap_free_bytes", h->swap_free_bytes);
	kin_json_known(json, "forks", h->forks);
	json_u32(json, "last_pid", h->last_pid);
	json_u32(json, "cpus_online", h->cpus_online);
	json_u32(json, "processes", h->processes);
	json_u32(json, "threads", h->threads);
	kin_json_object_line(json, "states");
	for (size_t i = 0; i < KIN_STATE_COUNT; i++) {
		letter[0] = KIN_STATE_LETTERS[i];
		json_u32(json, letter, h->states[i]);
	}
	kin_json_object_end(json);
	kin_json_object_line(json, "cpu");
	json_times(json, &h->cpu);
	kin_json_object_end(json);
	kin_json_object_end(json);
}

void status_json(const struct status *st)
{
	struct kin_json json;

	kin_json_begin(&json, stdout);
	kin_json_object(&json, NULL);
	json_module(&json, st);
	if (st->has_host)
		json_host(&json, &st->host);
	else
		kin_json_null(&json, "host");
	if (st->want_cpus && st->has_host) {
		kin_json_array(&json, "cpus");
		for (size_t i = 0; i < st->n_cpus; i++) {
			kin_json_object_line(&json, NULL);
			kin_json_u64(&json, "cpu", st->cpus[i].cpu);
			json_times(&json, &st->cpus[i].times);
			kin_json_object_end(&json);
		}
		kin_json_array_end(&json);
	}
	kin_json_object_end(&json);
	kin_json_end(&json);
}
