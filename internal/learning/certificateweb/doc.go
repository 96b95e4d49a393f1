// Package certificateweb shows certificates: to those who earned them, with the paper and
// the badge to take along; to those who teach in the unit, who may revoke them; and to
// anybody who was given a number, a paper or a badge and asks whether it is good.
package certificateweb
