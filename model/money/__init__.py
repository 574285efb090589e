"""What does it cost, and who pays?"""
