# SPDX-License-Identifier: GPL-2.0-or-later
#
# A number as tables show it: 1,234,567.

function grouped(number, text) {
	text = sprintf("%.0f", number)
	while (text ~ /[0-9][0-9][0-9][0-9]($|,)/)
		sub(/[0-9][0-9][0-9]($|,)/, ",&", text)
	return text
}
