"""What does a plan teach?"""
