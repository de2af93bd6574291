// SPDX-License-Identifier: GPL-2.0-or-later
/* From a step to its datagram, and back to what the kernel will find in it. */
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <string.h>

#include "request.h"

static size_t put_attribute(const struct attribute *attribute,
			    const uint32_t *members, char *to, size_t room)
{
	const int member = attribute->member;
	const void *data = member < 0 ? (void *)attribute->data :
					(void *)&members[member];
	const size_t len = member < 0 ? attribute->len : sizeof(*members);
	const size_t whole = NLA_HDRLEN + NLA_ALIGN(len);
	struct nlattr header = {
		.nla_type = attribute->type,
		.nla_len = attribute->claims < 0 ? NLA_HDRLEN + len :
						   (size_t)attribute->claims,
	};
	size_t done = 0;

	for (int i = 0; i < attribute->repeat && done + whole <= room; i++) {
		memset(to + done, 0, whole);
		memcpy(to + done, &header, sizeof(header));
		memcpy(to + done + NLA_HDRLEN, data, len);
		done += whole;
	}
	return done;
}

static size_t put_message(const struct message *message, const uint32_t *members,
			  uint16_t family, uint32_t seq, char *to, size_t room)
{
	struct genlmsghdr genl = {
		.cmd = message->cmd,
		.version = message->version,
		.reserved = message->reserved,
	};
	struct nlmsghdr header = {
		.nlmsg_type = message->type == THE_FAMILY ? family : message->type,
		.nlmsg_flags = message->flags,
		.nlmsg_seq = seq,
	};
	size_t done = NLMSG_HDRLEN + GENL_HDRLEN;

	if (room < done)
		return 0;
	for (int i = 0; i < message->n; i++)
		done += put_attribute(&message->attributes[i], members, to + done,
				      room - done);
	header.nlmsg_len = done + message->grows;
	memcpy(to, &header, sizeof(header));
	memcpy(to + NLMSG_HDRLEN, &genl, sizeof(genl));
	return done;
}

size_t step_bytes(const struct step *step, const uint32_t *members,
		  uint16_t family, uint32_t seq, char *to)
{
	size_t done = 0;

	for (int i = 0; i < step->n; i++)
		done += put_message(&step->messages[i], members, family, seq + i,
				    to + done, MAX_DATAGRAM - done);
	return done;
}

/* As netlink_rcv_skb() of the kernel goes along it. */
size_t datagram_walk(const char *from, size_t len, struct found *found,
		     size_t room)
{
	struct nlmsghdr header;
	size_t n = 0, whole;

	for (; len >= NLMSG_HDRLEN && n < room; n++) {
		memcpy(&header, from, sizeof(header));
		if (header.nlmsg_len < NLMSG_HDRLEN || header.nlmsg_len > len)
			break;
		found[n] = (struct found){
			.seq = header.nlmsg_seq,
			.len = header.nlmsg_len,
			.type = header.nlmsg_type,
			.flags = header.nlmsg_flags,
			.cmd = header.nlmsg_len > NLMSG_HDRLEN ?
				       from[NLMSG_HDRLEN] : 0,
		};
		whole = NLMSG_ALIGN(header.nlmsg_len);
		whole = whole < len ? whole : len;
		from += whole;
		len -= whole;
	}
	return n;
}
