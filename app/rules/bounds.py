"""How large what a challenge says of itself may be: the reader of bundles and every form keep the same bounds."""

# the year 2099 stands for no end; beyond these a date is a slip of the hand
FIRST_YEAR, LAST_YEAR = 1970, 2999
# of the columns that hold numbers, in PostgreSQL
LARGEST = 2**31 - 1
# a double has no more that mean anything
MOST_DECIMALS = 15
# characters: of titles and names, of a paragraph, of a note on the boards, of a tag
LONGEST_TITLE, LONGEST_SUMMARY, LONGEST_NOTE, LONGEST_TAG = 200, 2_000, 20_000, 100
# of an e-mail address: 64 before the @, 255 after it (RFC 5321)
LONGEST_ADDRESS, LONGEST_DOMAIN = 320, 255
# of an answer to choose from
LONGEST_OPTION = 500
# beyond this a page is cut off when it is shown: cleaning takes time that grows with the square of what is nested
LONGEST_SHOWN_BYTES = 64 * 1024
